import { createHmac } from 'node:crypto';
import '@shopify/shopify-api/adapters/node';
import { LogSeverity, shopifyApi } from '@shopify/shopify-api';
import { verifySlackRequest } from '@slack/bolt';
import { verifyKey } from 'discord-interactions';
import Stripe from 'stripe';
import nacl from 'tweetnacl';
import twilio from 'twilio';
import { describeWithServices } from '../support/services.ts';
import { send } from './request.ts';
import { openWorkspace, type RoutedRecords, type Workspace } from './workspace.ts';

/** What a vendor sends: fields of the header besides the content type, and the body. */
interface Sent {
  headers: Record<string, string>;
  body: string;
}

const SECRET = 'a-secret-that-the-vendor-made';
/** Of vendors that want something else than 202 and JSON. */
const OWN_ANSWERS: Record<string, [status: number, text: string]> = {
  slack: [200, ''],
  twilio: [200, '<?xml version="1.0" encoding="UTF-8"?><Response/>'],
  discord: [200, '{"type":5}'],
};
const TOKEN = '12345678901234567890123456789012';
const JSON_TYPE = { 'content-type': 'application/json' };
const KEYS = nacl.sign.keyPair.fromSeed(Buffer.alloc(32, 5));
const PUBLIC_KEY = Buffer.from(KEYS.publicKey).toString('hex');
const PUBLIC_URL = 'https://hooks.example.com/ingest/twilio';
const stripeLibrary = new Stripe('sk_test_x');
const shopifyLibrary = shopifyApi({
  apiKey: 'key',
  apiSecretKey: SECRET,
  hostName: 'shop.example.com',
  apiVersion: '2025-01' as never,
  isEmbeddedApp: false,
  logger: { level: LogSeverity.Error },
});
const seconds = () => String(Math.floor(Date.now() / 1000));

/** By Stripe's own library. */
function byStripe(body: string): Sent {
  const signature = stripeLibrary.webhooks.generateTestHeaderString({ payload: body, secret: SECRET });
  return { headers: { ...JSON_TYPE, 'stripe-signature': signature }, body };
}

/** By Twilio's own library. */
function byTwilio(fields: Record<string, string>): Sent {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'x-twilio-signature': twilio.getExpectedTwilioSignature(TOKEN, PUBLIC_URL, fields),
    'i-twilio-idempotency-token': 'twilio-1',
  };
  return { headers, body: new URLSearchParams(fields).toString() };
}

/** As Discord's documentation does it; Discord's own library has to agree. */
async function byDiscord(body: string): Promise<Sent> {
  const timestamp = seconds();
  const signature = Buffer.from(nacl.sign.detached(Buffer.from(timestamp + body), KEYS.secretKey)).toString('hex');
  expect(await verifyKey(body, signature, timestamp, PUBLIC_KEY)).toBe(true);
  return { headers: { ...JSON_TYPE, 'x-signature-ed25519': signature, 'x-signature-timestamp': timestamp }, body };
}

/** As Slack's documentation does it; Bolt has to agree. */
function bySlack(body: string, type = 'application/json'): Sent {
  const timestamp = seconds();
  const digest = createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex');
  const signed = { 'x-slack-signature': `v0=${digest}`, 'x-slack-request-timestamp': Number(timestamp) };
  verifySlackRequest({ signingSecret: SECRET, body, headers: signed });
  const headers = { 'content-type': type, 'x-slack-signature': `v0=${digest}`, 'x-slack-request-timestamp': timestamp };
  return { headers, body };
}

/** As Shopify's documentation does it; Shopify's own library has to agree. */
async function byShopify(body: string): Promise<Sent> {
  const headers = {
    ...JSON_TYPE,
    'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(body).digest('base64'),
    'x-shopify-topic': 'orders/create',
    'x-shopify-webhook-id': 'shopify-1',
    'x-shopify-shop-domain': 'acme.myshopify.com',
    'x-shopify-api-version': '2025-01',
  };
  const rawRequest = { headers, method: 'POST', url: '/ingest/shopify' };
  expect(await shopifyLibrary.webhooks.validate({ rawBody: body, rawRequest } as never)).toMatchObject({ valid: true });
  return { headers, body };
}

describeWithServices('requests as vendors sign them', () => {
  let workspace: Workspace;
  const routes: Record<string, RoutedRecords> = {};

  beforeAll(async () => {
    workspace = await openWorkspace();
    const open = async (verification: string, secrets: string[], more = {}) => {
      const source = { verification, secrets, ...more };
      routes[verification] = await workspace.route({ source, destination: { type: 'inbox' } });
    };
    await open('stripe', ['whsec_the_next_one', SECRET]);
    await open('slack', [SECRET]);
    await open('shopify', [SECRET]);
    await open('twilio', [TOKEN], { verification_options: { url: PUBLIC_URL } });
    await open('discord', [PUBLIC_KEY]);
    await open('gitlab', [SECRET]);
    await open('basic', ['user:password']);
    await open('bearer', [TOKEN]);
  });
  afterAll(async () => {
    await workspace?.stop();
  });

  const post = (vendor: string, { headers, body }: Sent) =>
    send(`${workspace.app.url}/ingest/${routes[vendor]?.source}`, { headers, body });

  const basic = `Basic ${Buffer.from('user:password').toString('base64')}`;
  const vendors: [vendor: string, make: () => Sent | Promise<Sent>, expected: object][] = [
    [
      'stripe',
      () =>
        byStripe(
          '{"id":"evt_1","type":"invoice.paid","livemode":true,"data":{"object":{"id":"in_1","amount_due":1999}}}',
        ),
      {
        type: 'invoice.paid',
        dedupe_key: 'evt_1',
        extracted: { object: 'in_1', amount: 1999, url: 'https://dashboard.stripe.com/events/evt_1' },
      },
    ],
    [
      'slack',
      () => bySlack('{"type":"event_callback","event_id":"Ev1","event":{"type":"message","text":"Grüße","user":"U1"}}'),
      { type: 'message', dedupe_key: 'Ev1', extracted: { title: 'Grüße', sender: 'U1' } },
    ],
    [
      'shopify',
      () => byShopify('{"id":1,"name":"#1001","total_price":"9.99","currency":"EUR"}'),
      {
        type: 'orders/create',
        dedupe_key: 'shopify-1',
        extracted: { title: '#1001', shop: 'acme.myshopify.com', amount: '9.99', currency: 'EUR' },
      },
    ],
    [
      'twilio',
      () => byTwilio({ MessageSid: 'SM1', SmsStatus: 'received', From: '+4915', To: '+1800', Body: 'Ja & nein' }),
      {
        type: 'message.received',
        dedupe_key: 'twilio-1',
        extracted: { title: 'Ja & nein', sender: '+4915', recipient: '+1800', object: 'SM1', status: 'received' },
      },
    ],
    [
      'discord',
      () => byDiscord('{"id":"7","type":2,"data":{"name":"deploy"},"member":{"user":{"username":"mason"}}}'),
      { type: 'deploy', dedupe_key: '7', extracted: { title: 'deploy', sender: 'mason' } },
    ],
    [
      'gitlab',
      () => ({
        headers: { ...JSON_TYPE, 'x-gitlab-token': SECRET, 'idempotency-key': 'gl-1' },
        body: '{"object_kind":"push","user_username":"jsmith","project":{"path_with_namespace":"a/b"}}',
      }),
      { type: 'push', dedupe_key: 'gl-1', extracted: { sender: 'jsmith', repository: 'a/b' } },
    ],
    ['basic', () => ({ headers: { authorization: basic }, body: '{"type":"x"}' }), { type: 'x', extracted: {} }],
    ['bearer', () => ({ headers: { authorization: `Bearer ${TOKEN}` }, body: '{"type":"x"}' }), { type: 'x' }],
  ];

  test.each(vendors)('%s: accepted, typed, extracted, delivered; nothing else is', async (vendor, make, expected) => {
    const sent = await make();
    const answer = await post(vendor, sent);
    const own = OWN_ANSWERS[vendor];
    expect([answer.status, answer.text]).toEqual(own ?? [202, expect.stringContaining('"accepted"')]);
    const id = own ? answer.headers['pockethook-event'] : JSON.parse(answer.text).id;
    await workspace.deliveries(id, 'delivered');
    const { body: event } = await workspace.api('GET', `/events/${id}`);
    expect(event).toMatchObject({ ...expected, body: sent.body });
    for (const credential of [sent.headers.authorization, sent.headers['x-gitlab-token']])
      if (credential) expect(JSON.stringify(event)).not.toContain(credential);

    const again = await post(vendor, sent);
    if (own) expect([again.status, again.text, again.headers['pockethook-event']]).toEqual([...own, id]);
    else expect(JSON.parse(again.text).duplicate).toBe(event.dedupe_key === '' ? undefined : true);
    const altered = sent.headers.authorization ? { ...sent, headers: {} } : { ...sent, body: `${sent.body} ` };
    const refused = await post(vendor, vendor === 'gitlab' ? { ...sent, headers: {} } : altered);
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([401, 'invalid_signature']);
  });

  describe('handshakes', () => {
    const events = (vendor: string) =>
      workspace.pb.collection('events').getFullList({ filter: `source = "${routes[vendor]?.sourceId}"` });

    test.each<[string, string, () => Sent | Promise<Sent>, number, string]>([
      [
        "Slack's url_verification",
        'slack',
        () =>
          bySlack(
            '{"token":"t","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}',
          ),
        200,
        '{"challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}',
      ],
      ["Discord's PING", 'discord', () => byDiscord('{"id":"1","type":1,"version":1}'), 200, '{"type":1}'],
      ["Discord's PING for webhook events", 'discord', () => byDiscord('{"version":1,"type":0}'), 204, ''],
    ])('%s is answered, and is no event', async (_what, vendor, make, status, text) => {
      const before = await events(vendor);
      const sent = await make();
      const answer = await post(vendor, sent);
      expect([answer.status, answer.text]).toEqual([status, text]);
      expect(await events(vendor)).toHaveLength(before.length);
      const source = routes[vendor]?.source;
      expect(workspace.app.lines).toContainEqual(expect.objectContaining({ source, result: 'handshake' }));
      // Vendors try an endpoint with wrong signatures, too: it must refuse them.
      expect((await post(vendor, { ...sent, body: `${sent.body} ` })).status).toBe(401);
    });

    test('are counted', async () => {
      const metrics = await (await fetch(`${workspace.app.url}/metrics`)).text();
      expect(metrics).toMatch(/pockethook_ingest_requests_total\{verification="slack",result="handshake"\} 1/);
      expect(metrics).toMatch(/pockethook_ingest_requests_total\{verification="discord",result="handshake"\} 2/);
    });
  });

  test('Slack: a slash command is a form', async () => {
    const body = 'command=%2Fdeploy&text=now&user_name=mason&channel_id=C1';
    const answer = await post('slack', bySlack(body, 'application/x-www-form-urlencoded'));
    const { body: event } = await workspace.api('GET', `/events/${answer.headers['pockethook-event']}`);
    expect(event).toMatchObject({ type: '/deploy', extracted: { title: 'now', sender: 'mason', channel: 'C1' } });
  });

  test('Twilio: JSON by bodySHA256', async () => {
    const body = '{"type":"report"}';
    const query = `?bodySHA256=${twilio.getExpectedBodyHash(body)}`;
    const signature = twilio.getExpectedTwilioSignature(TOKEN, PUBLIC_URL + query, {});
    const headers = { ...JSON_TYPE, 'x-twilio-signature': signature };
    const url = `${workspace.app.url}/ingest/${routes.twilio?.source}${query}`;
    expect((await send(url, { headers, body })).status).toBe(200);
    expect((await send(url, { headers, body: '{"type":"other"}' })).status).toBe(401);
  });
});

describeWithServices('behind a proxy', () => {
  const body = 'Body=hi';
  const url = 'https://hooks.example.com/ingest/sms';
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': twilio.getExpectedTwilioSignature(TOKEN, url, { Body: 'hi' }),
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'hooks.example.com',
  };

  test.each<[false | string, number]>([
    [false, 401],
    ['loopback', 200],
  ])('TRUST_PROXY %s: a signature over the URL outside is answered %d', async (trustProxy, status) => {
    const workspace = await openWorkspace({ config: { trustProxy } });
    try {
      const source = { name: 'sms', verification: 'twilio', secrets: [TOKEN] };
      await workspace.route({ source, destination: { type: 'inbox' } });
      expect((await send(`${workspace.app.url}/ingest/sms`, { headers, body })).status).toBe(status);
    } finally {
      await workspace.stop();
    }
  });
});
