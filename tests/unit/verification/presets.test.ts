import fc from 'fast-check';
import { makeContext } from '../../../api/src/expressions/index.ts';
import { createDescribe } from '../../../api/src/ingest/describe.ts';
import type { VerificationScheme } from '../../../api/src/model/configuration.ts';
import { PRESETS } from '../../../api/src/presets/index.ts';
import { aSource } from '../../support/records.ts';

/** The presets, and the schemes that have the generic expressions. */
const EVERY = [...PRESETS.keys(), 'none', 'hmac', 'public-key', 'jwt', 'token', 'basic', 'bearer'];

const describeEvent = createDescribe();

function described(verification: VerificationScheme, headers: Record<string, string>, body: unknown, own = {}) {
  const event = { id: 'e', type: '', received_at: '', correlation_id: '' };
  const context = makeContext({ body, headers, query: {}, method: 'POST', source: 'x', event, data: {} });
  return describeEvent(aSource({ verification, ...own }), context);
}

/** Shortened, as the vendors' documentation shows them. */
const CHARGE = {
  id: 'evt_1MqqbKLt4dXK03v5qaIbiNCC',
  type: 'charge.succeeded',
  livemode: false,
  data: {
    object: {
      id: 'ch_1',
      amount: 2000,
      currency: 'usd',
      description: null,
      number: 'R-7',
      status: 'succeeded',
      billing_details: { email: 'jenny@example.com' },
      customer: 'cus_1',
    },
  },
};
const MESSAGE = {
  type: 'event_callback',
  team_id: 'T1',
  event_id: 'Ev1',
  event: { type: 'message', channel: 'C1', user: 'U1', text: 'Hello' },
};
const ORDER = {
  id: 450789469,
  admin_graphql_api_id: 'gid://shopify/Order/820982911946154508',
  name: '#9999',
  email: 'jon@example.com',
  total_price: '398.00',
  currency: 'USD',
  financial_status: 'paid',
};
const SHOPIFY = {
  'x-shopify-topic': 'orders/create',
  'x-shopify-webhook-id': 'b54557e4',
  'x-shopify-shop-domain': 'acme.myshopify.com',
};
const SMS = { MessageSid: 'SM1', SmsStatus: 'received', From: '+1415', To: '+1800', Body: 'Hi' };
const ISSUE = {
  object_kind: 'issue',
  user: { username: 'root' },
  project: { path_with_namespace: 'gitlab-org/gitlab-test' },
  object_attributes: { title: 'New API', action: 'open', state: 'opened', url: 'https://gitlab.example/issues/23' },
};
const COMMAND = {
  id: '786008729715212338',
  type: 2,
  channel_id: '645027906669510667',
  guild_id: '290926798626357999',
  member: { user: { username: 'mason' } },
  data: { name: 'cardsearch' },
};

describe('what a source finds by itself', () => {
  it.each<[VerificationScheme, Record<string, string>, unknown, { type: string; key: string; extracted: object }]>([
    [
      'stripe',
      {},
      CHARGE,
      {
        type: 'charge.succeeded',
        key: CHARGE.id,
        extracted: {
          title: 'R-7',
          sender: 'jenny@example.com',
          url: `https://dashboard.stripe.com/test/events/${CHARGE.id}`,
          object: 'ch_1',
          amount: 2000,
          currency: 'usd',
          status: 'succeeded',
        },
      },
    ],
    [
      'slack',
      {},
      MESSAGE,
      { type: 'message', key: 'Ev1', extracted: { title: 'Hello', sender: 'U1', channel: 'C1', team: 'T1' } },
    ],
    [
      'slack',
      {},
      { command: '/deploy', text: 'now', user_name: 'roadrunner', channel_id: 'C2', team_id: 'T1' },
      { type: '/deploy', key: '', extracted: { title: 'now', sender: 'roadrunner', channel: 'C2', team: 'T1' } },
    ],
    [
      'shopify',
      SHOPIFY,
      ORDER,
      {
        type: 'orders/create',
        key: 'b54557e4',
        extracted: {
          title: '#9999',
          sender: 'jon@example.com',
          url: 'https://acme.myshopify.com/admin/orders/820982911946154508',
          shop: 'acme.myshopify.com',
          amount: '398.00',
          currency: 'USD',
          status: 'paid',
        },
      },
    ],
    [
      'twilio',
      { 'i-twilio-idempotency-token': 'i1' },
      SMS,
      {
        type: 'message.received',
        key: 'i1',
        extracted: { title: 'Hi', sender: '+1415', recipient: '+1800', object: 'SM1', status: 'received' },
      },
    ],
    [
      'twilio',
      {},
      { CallSid: 'CA1', CallStatus: 'ringing' },
      { type: 'call.ringing', key: '', extracted: { object: 'CA1', status: 'ringing' } },
    ],
    [
      'gitlab',
      { 'idempotency-key': 'f5e0', 'x-gitlab-event-uuid': 'u' },
      ISSUE,
      {
        type: 'issue.open',
        key: 'f5e0',
        extracted: {
          title: 'New API',
          sender: 'root',
          repository: 'gitlab-org/gitlab-test',
          url: 'https://gitlab.example/issues/23',
          status: 'opened',
        },
      },
    ],
    [
      'gitlab',
      {},
      { object_kind: 'push', user_username: 'jsmith' },
      { type: 'push', key: '', extracted: { sender: 'jsmith' } },
    ],
    [
      'discord',
      {},
      COMMAND,
      {
        type: 'cardsearch',
        key: COMMAND.id,
        extracted: { title: 'cardsearch', sender: 'mason', channel: COMMAND.channel_id, guild: COMMAND.guild_id },
      },
    ],
    [
      'github',
      { 'x-github-event': 'issues', 'x-github-delivery': 'd1' },
      {
        action: 'opened',
        issue: { title: 'Broken', html_url: 'https://github.com/a/b/issues/1' },
        sender: { login: 'c' },
      },
      {
        type: 'issues.opened',
        key: 'd1',
        extracted: { title: 'Broken', sender: 'c', url: 'https://github.com/a/b/issues/1' },
      },
    ],
    ['bearer', { 'idempotency-key': 'i' }, { type: 'x' }, { type: 'x', key: 'i', extracted: {} }],
  ])('%s, %j', async (scheme, headers, body, { type, key, extracted }) => {
    expect(await described(scheme, headers, body)).toEqual({ type, dedupe_key: key, extracted, failure: undefined });
  });

  it('what the source says itself comes first; an empty extraction is none', async () => {
    const own = { event_type: 'body.data.object.id', dedupe_key: '"k"', extract: { n: 'body.data.object.amount' } };
    expect(await described('stripe', {}, CHARGE, own)).toMatchObject({
      type: 'ch_1',
      dedupe_key: 'k',
      extracted: { n: 2000 },
    });
    expect((await described('stripe', {}, CHARGE, { extract: {} })).extracted).toHaveProperty('currency', 'usd');
    expect((await described('stripe', {}, CHARGE, own)).extracted).not.toHaveProperty('currency');
  });

  const whatsApp = (...ids: string[]) => ({
    object: 'whatsapp_business_account',
    entry: [{ changes: [{ field: 'messages', value: { messages: ids.map((id) => ({ id })) } }] }],
  });
  const messenger = (...messages: object[]) => ({
    object: 'page',
    entry: [{ messaging: messages.map((message) => ({ message })) }],
  });
  const alert = (alert_event: string) => ({ alert_correlation_id: 'c', alert_event, ts: 1 });

  it.each<[string, Record<string, string>, unknown, string]>([
    ['meta', {}, whatsApp('wamid.1'), 'wamid.1'],
    ['meta', {}, whatsApp('wamid.1', 'wamid.2'), ''],
    ['meta', {}, messenger({ mid: 'm_1' }), 'm_1'],
    ['meta', {}, messenger({ mid: 'm_1' }, { mid: 'm_2' }), ''],
    ['meta', {}, messenger({ mid: 'm_1', is_deleted: true }), ''],
    ['cloudflare', {}, alert('ALERT_STATE_EVENT_START'), '["c","ALERT_STATE_EVENT_START",1]'],
    ['cloudflare', {}, alert('ALERT_STATE_EVENT_END'), '["c","ALERT_STATE_EVENT_END",1]'],
    ['cloudflare', {}, { text: 'Hello World!' }, ''],
    ['x', {}, { for_user_id: '7', tweet_create_events: [{ id_str: '1' }] }, '7:1'],
    ['x', {}, { for_user_id: '7', tweet_create_events: [{ id_str: '1' }, { id_str: '2' }] }, ''],
    ['woocommerce', { 'x-wc-webhook-delivery-id': 'the same for a second' }, {}, ''],
    ['postmark', {}, { RecordType: 'Bounce', MessageID: 'm', BouncedAt: '2026-01-31' }, 'Bounce:m:2026-01-31'],
  ])('the dedupe key of %s, %j %j: %j hides no other event', async (preset, headers, body, key) => {
    expect(await described('hmac', headers, body, { preset })).toMatchObject({ dedupe_key: key, failure: undefined });
  });

  /** The payloads above with parts replaced by anything: what producers of strange payloads send. */
  const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, 1, 1.5, true, '', [], {}));
  const strange = fc
    .tuple(
      fc.constantFrom<object>(CHARGE, MESSAGE, ORDER, SMS, ISSUE, COMMAND),
      fc.array(anything, { maxLength: 12 }),
      fc.nat(5),
    )
    .map(([payload, values, chance]) =>
      JSON.parse(
        JSON.stringify(payload, (key, value) =>
          key && (key.length + chance) % 3 === 0 && values.length > 0 ? values.pop() : value,
        ),
      ),
    );

  it.each(EVERY)('%s fails for no payload: at worst it finds nothing', async (name) => {
    const headers = fc.constantFrom<Record<string, string>>({}, SHOPIFY, { 'x-github-event': 'push' });
    const own = PRESETS.has(name) ? { preset: name } : {};
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, strange), headers, async (body, given) => {
        const { failure, type, dedupe_key } = await described(name as VerificationScheme, given, body, own);
        expect(failure).toBeUndefined();
        expect([typeof type, typeof dedupe_key]).toEqual(['string', 'string']);
      }),
      { numRuns: 100 },
    );
  });
});
