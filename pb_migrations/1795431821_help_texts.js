/// What to write into each field of the records that people edit, with an example, and the fields in the order in which
/// they are needed. Only texts and their order: the way back leaves them.
migrate(
  (app) => {
    const account = 'The tenant that owns it, for good. Empty: the account "default".';
    const help = {
      accounts: {
        name: "A tenant: it owns sources, destinations, mappings and their history, and nobody else's users see them. Example: acme",
      },
      users: {
        email: 'What the person logs in with at the API. Example: ada@example.com',
        password: 'At least 8 characters. Whoever forgets it gets a new one from you, here.',
        emailVisibility: 'Leave it off: nobody but operators lists users.',
        verified: 'Not needed to log in.',
        role: 'admin: may change the configuration of the account, and retry and replay. viewer: only looks.',
        account:
          'Whose records this person sees. Operators, who see every account, are in the collection _superusers instead.',
        name: 'For your own orientation. Example: Ada Lovelace',
        avatar: 'Not used by Pockethook.',
      },
      api_keys: {
        name: 'What uses the key. Example: deploy script. Make keys with `pockethook keys create`, which shows the key; here they can be renamed, limited and deleted.',
        prefix: 'How the key begins, to recognise it by.',
        hash: 'SHA-256 of the key, in hex.',
        role: 'viewer: only looks. admin: changes its account. operator: every account, and no account of its own.',
        account: 'Whose records it sees. Empty for an operator.',
        last_used_at: 'Kept by Pockethook.',
        expires_at: 'From then on the key is refused. Empty: never.',
      },
      sources: {
        name: 'The last part of the URL that the producer posts to, /ingest/NAME. Small letters, digits and hyphens. Example: github',
        enabled: 'Off: requests to it are refused as if it did not exist.',
        verification:
          "How a request proves where it comes from: the vendor's own way, or standard-webhooks, hmac, basic or bearer. none: anybody who knows the URL may post.",
        secrets:
          'A list. Example: ["a long secret"]. Two while one is rotated out: both fit. Encrypted, and shown masked once it is saved; a mask that you leave as it is keeps its secret.',
        verification_options:
          'For hmac: {"header": "x-signature", "algorithm": "sha256", "encoding": "hex", "prefix": ""}. For twilio: {"url": "https://hooks.example.com/ingest/twilio"}, as Twilio has it. Empty for the others.',
        event_type:
          "Expression for the event's type. Example: body.action. Empty: the scheme's own, such as X-GitHub-Event for github.",
        dedupe_key:
          "Expression: a second event with the same value is a duplicate and is not sent again. Example: body.id. Empty: the scheme's own, else the Idempotency-Key header.",
        extract:
          'What filters and templates may read as data, by name. Example: {"title": "body.issue.title"} makes data.title. Empty: the scheme\'s own.',
        not_redacted:
          'Headers and query parameters that are stored as they come although they are named like credentials. Example: ["x-order-key"]',
        max_body_bytes:
          'The largest body that is taken, up to 33554432 (32 MiB). 0: the default, 5 MiB. A larger one is answered 413.',
        rate_limit:
          'Events a second that each API process takes; more are answered 429. Example: 50. 0: as many as come.',
        account,
      },
      destinations: {
        name: 'How you find it again; no other destination of the account may have it. Example: team chat',
        type: 'What is posted to. http: any URL, signed. inbox: nothing is sent, what would be is kept and shown. The others: a chat, in its own form.',
        url: "Where to post. Example: https://example.com/hooks. A chat's URL carries a token: it is encrypted, and shown masked once it is saved. Empty for inbox.",
        secrets:
          'What requests are signed with, for the receiver to check: a list of whsec_… and base64, the current one first. Two while one is rotated out. Empty: not signed. Encrypted, and shown masked once it is saved.',
        enabled: 'Off: its deliveries are held, and go out when it is switched on again. Nothing is lost.',
        paused: 'On: its deliveries are held until you switch it off; then they go out in order.',
        disabled_reason:
          'Why it was switched off: your note, or that of Pockethook (failing for five days, 410 Gone). Cleared when it is switched on.',
        headers:
          'Sent with each request. Example: {"authorization": "Bearer …"}. Values are encrypted, and shown masked once they are saved.',
        rate_limit: 'Deliveries a second, over all processes. Example: 5, or 0.5. 0: no limit.',
        max_concurrency: 'Requests under way at once, up to 1000. 0: the default, 64.',
        ordered: 'On: one delivery at a time, in the order of acceptance. One that fails holds up those behind it.',
        retry_schedule:
          'Waits before each try, up to 7d each. Example: ["0s", "5s", "5m", "2h"]. Empty: ten tries in about three days (RETRY_SCHEDULE).',
        timeout_ms: 'The longest time for one request, in milliseconds, from 100 to 60000. 0: the default, 15000.',
        account,
      },
      mappings: {
        name: 'How you find it again; no other mapping of the account may have it. Example: github → team chat',
        source: 'Whose events.',
        destination: 'Where they go. It must belong to the same account.',
        enabled:
          'Off: nothing is sent by it. Events that come meanwhile can be sent later, by a replay with current rules.',
        filter:
          'Which events: an expression that is true or false. Example: body.action == "opened" && body.issue.draft != true. Empty: every event.',
        template:
          'What is sent. JSON, as {"content": "{{ data.title }}"}, or a text, as New issue: {{ data.title }}. Between {{ and }} stands an expression. Empty: the form of the destination\'s type; for http, the event as it came.',
        content_type:
          'Of what is sent. Example: application/xml. Empty: application/json for JSON, text/plain for a text.',
        account,
      },
    };
    for (const [name, texts] of Object.entries(help)) {
      const collection = app.findCollectionByNameOrId(name);
      let position = 1; // behind the id
      for (const [field, text] of Object.entries(texts)) {
        const found = collection.fields.getByName(field);
        found.help = text;
        if (collection.type !== 'auth') collection.fields.addAt(position++, found);
      }
      app.save(collection);
    }
  },
  () => {},
);
