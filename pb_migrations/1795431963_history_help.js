/// What each field of history says, for those who read it in the dashboard. Only texts: the way back leaves them.
migrate(
  (app) => {
    const account = 'The account whose it is.';
    const lease = 'The API process that works on it now.';
    const until = 'Then another process may take it.';
    const token = 'Rises with each lease, so that who held an older one changes nothing.';
    const help = {
      meta: { key: 'What is counted.', value: 'How far it is.' },
      events: {
        type: "What happened, by the source's expression. Example: issues.opened",
        received_at: 'When the request came in.',
        source: 'The source that took it in. Empty: a trigger raised it.',
        correlation_id: 'What to look for in logs, of the producer and of Pockethook.',
        traceparent: "The producer's trace (W3C), if it sent one.",
        dedupe_key: 'A later request with the same is a duplicate. Empty: none is.',
        method: 'Of the request.',
        query: 'Of the request, without the question mark.',
        content_type: 'Of the request.',
        headers: 'Of the request, as they came; credentials are [redacted].',
        extracted: 'What filters and templates read as data.',
        decisions: 'For each mapping, why it went to its destination or did not.',
        account,
      },
      event_bodies: { body: 'As it came.', body_encoding: 'base64 where the bytes are no text.', account },
      deliveries: {
        state:
          'pending: waits for its next try. delivering: a try is under way. held: its destination is disabled or paused. delivered, dead, expired, cancelled: the end.',
        destination: 'Where it goes.',
        event: 'What it is of.',
        mapping: 'By which mapping. Empty: a trigger told its destination.',
        last_error: 'Of the last try, in plain words.',
        attempts_made: 'How often it was tried.',
        next_attempt_at: 'When it is tried next.',
        expires_at: 'Then it is given up.',
        request_content_type: 'Of what is sent.',
        request_body: 'What is sent. Empty where it is the body of the event.',
        lease_owner: lease,
        lease_until: until,
        lease_token: token,
        account,
      },
      attempts: {
        delivery: 'What was tried.',
        number: 'The first is 1.',
        outcome:
          'success; retry: again later. throttled: too much for the receiver. permanent, gone, blocked: never again. expired: too late.',
        error: 'What went wrong, in plain words.',
        started_at: 'When it was tried.',
        duration_ms: 'Until the answer, or until it was given up, in milliseconds.',
        response_headers: 'Of the answer.',
        response_body: 'How the answer begins, up to 8 KiB.',
        lease_token: token,
        account,
      },
      rejections: {
        code: 'What was wrong. /docs/problems of the API explains each.',
        verification_failure: 'What was wrong with the signature, if it was that.',
        detail: 'What was wrong this time, and what to do.',
        source: 'Where it was posted to.',
        correlation_id: 'What to look for in logs.',
        method: 'Of the request.',
        content_type: 'Of the request.',
        body_bytes: 'How large the body was.',
        body_excerpt: 'How a body begins that is broken JSON.',
        received_at: 'When it came in.',
        account,
      },
      audit: {
        action: 'What was done. Example: destination.update',
        actor: 'Who did it. pockethook: by itself.',
        correlation_id: 'What to look for in logs.',
        subject_type: 'What it was done to.',
        subject: 'The id of that.',
        detail: 'Each field as it was and is; secrets are masked.',
        account: 'Whose it is. Empty: it concerns every account.',
      },
      destination_health: {
        opened_at: 'Since when it is left alone.',
        next_probe_at: 'When it is tried again.',
        cool_down_ms: 'How long it is left alone, in milliseconds.',
        account,
        updated: 'When that changed.',
      },
      replays: {
        state: 'pending: waits for its turn. running. completed, cancelled, failed: the end.',
        mode: 'original: the bytes that were sent before. current: by the rules of now.',
        from: 'Events received since.',
        to: 'Events received before.',
        source: 'Only those of this source. Empty: of each.',
        destination: 'Only for this destination. Empty: for each.',
        only_missing: 'Only what was not delivered.',
        events_total: 'How many events there are in that time.',
        events_seen: 'How many it has dealt with.',
        deliveries: 'How many it has made.',
        failed: 'How many events it could not send again.',
        error: 'Why it failed.',
        lease_owner: lease,
        lease_until: until,
        lease_token: token,
        account: 'Whose events. Empty: of every account.',
        finished_at: 'When it ended.',
      },
      goals: { name: 'How you find it again; no other goal of the site may have it. Example: Purchase' },
      triggers: { name: 'How you find it again; no other trigger of the site may have it. Example: launch day' },
    };
    for (const [name, texts] of Object.entries(help)) {
      const collection = app.findCollectionByNameOrId(name);
      for (const [field, text] of Object.entries(texts)) {
        const found = collection.fields.getByName(field);
        if (found && !found.help) found.help = text;
      }
      app.save(collection);
    }
  },
  () => {},
);
