import { Webhook } from 'standardwebhooks';
import { bodyOf, changesOf, draftOf, EMPTY } from '../../../api/console/src/destinations/draft.ts';
import { makeSecret } from '../../../api/console/src/destinations/make-secret.ts';

test('what is typed becomes what the API takes', () => {
  const draft = {
    ...EMPTY,
    name: ' billing ',
    url: ' https://example.com/hooks ',
    headers: 'X-Team: billing: east\n\nX-Empty\n',
    rateLimit: '0,5',
    retrySchedule: '0s, 5s\n5m',
    timeoutMs: '2000',
  };
  expect(bodyOf(draft)).toEqual({
    name: 'billing',
    description: '',
    type: 'http',
    url: 'https://example.com/hooks',
    method: '',
    headers: { 'X-Team': 'billing: east', 'X-Empty': '' },
    rate_limit: 0.5,
    max_concurrency: 0,
    ordered: false,
    retry_schedule: ['0s', '5s', '5m'],
    timeout_ms: 2000,
    relay: null,
    success: '',
  });
});

test('a number that is none goes to the API as it was typed, which says what is wrong with it', () => {
  expect(bodyOf({ ...EMPTY, rateLimit: 'five' }).rate_limit).toBe('five');
});

test('an inbox has no URL, whatever was typed before the type was chosen', () => {
  expect(bodyOf({ ...EMPTY, type: 'inbox', url: 'https://example.com' }).url).toBe('');
});

test('only what differs is changed, and masks that were not touched stay at home', () => {
  const before = { ...EMPTY, name: 'billing', url: 'https://example.com', headers: 'X-Key: ••••' };
  expect(changesOf(before, before)).toEqual({});
  expect(changesOf(before, { ...before, name: 'invoices', retrySchedule: '0s' })).toEqual({
    name: 'invoices',
    retry_schedule: ['0s'],
  });
  expect(changesOf(before, { ...before, headers: '' })).toEqual({ headers: null });
});

test.each([
  [{ relay: 'all' as const }, { headers: 'all' }],
  [{ relay: 'some' as const, relayed: 'x-a\n x-b ' }, { headers: ['x-a', 'x-b'] }],
  [{ relayQuery: true }, { query: true }],
  [{ relayed: 'typed, and then none chosen' }, null],
])('%j goes on as %j', (typed, relay) => expect(bodyOf({ ...EMPTY, ...typed }).relay).toEqual(relay));

test('the draft of what is stored says the same as what is stored', () => {
  const stored = {
    name: 'a',
    description: 'b',
    type: 'http' as const,
    url: 'https://example.com/',
    method: 'PUT' as const,
    headers: { 'X-Key': '••••' },
    rate_limit: 0.5,
    max_concurrency: 0,
    ordered: true,
    retry_schedule: ['0s', '2h'],
    timeout_ms: 0,
    relay: { headers: ['x-github-event'], query: true },
    success: 'response.json.errcode == 0',
  };
  expect(bodyOf(draftOf(stored as Parameters<typeof draftOf>[0]))).toEqual(stored);
});

test('a secret that is made here signs as Standard Webhooks do', () => {
  const secret = makeSecret();
  const webhook = new Webhook(secret);
  const at = new Date();
  const headers = {
    'webhook-id': '1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': webhook.sign('1', at, '{}'),
  };
  expect(webhook.verify('{}', headers)).toEqual({});
  expect(makeSecret()).not.toBe(secret);
});
