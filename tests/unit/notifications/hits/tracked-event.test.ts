import { parseEvent, type TrackedEvent } from '../../../../api/src/notifications/hits/tracked-event.ts';

const minimal = { n: 'pageview', u: 'https://www.example.com/', d: 'example.com' };

function parsed(fields: object): TrackedEvent {
  const result = parseEvent({ ...minimal, ...fields });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.event;
}

function errorsOf(body: unknown): object {
  const result = parseEvent(body);
  return result.ok ? {} : result.errors;
}

test('short and long keys mean the same', () => {
  const long = {
    name: 'Purchase',
    url: 'https://example.com/#/done?secret=1',
    domain: 'example.com',
    referrer: 'https://news.ycombinator.com/item?id=1',
    props: { plan: 'pro' },
    revenue: { currency: 'EUR', amount: 12.5 },
    hashMode: 1,
  };
  const short = { n: long.name, u: long.url, d: long.domain, r: long.referrer, p: long.props, $: long.revenue, h: 1 };
  const event = {
    name: 'Purchase',
    domains: ['example.com'],
    host: 'example.com',
    page: '/#/done',
    taggedSource: '',
    referrer: long.referrer,
    props: { plan: 'pro' },
    revenue: { currency: 'EUR', amount: '12.5' },
  };
  expect(parseEvent(long)).toEqual({ ok: true, event });
  expect(parseEvent(short)).toEqual({ ok: true, event });
  expect(parseEvent({ ...long, n: 'Short wins' })).toMatchObject({ event: { name: 'Short wins' } });
});

test.each([
  [
    'a list with commas, each once, without www.',
    'www.Example.com, example.org,example.com',
    ['example.com', 'example.org'],
  ],
  ['the host of the URL if there is none', undefined, ['example.com']],
  ['names beyond ASCII', 'www.MÜNCHEN.de', ['xn--mnchen-3ya.de']],
  ['what is no domain, as it is', 'my shop', ['my shop']],
  ['the host of the URL if it is no text', 42, ['example.com']],
])('domains: %s', (_name, d, domains) => {
  expect(parsed({ d }).domains).toEqual(domains);
});

test.each([
  ['https://example.com', 0, '/'],
  ['https://example.com/a/b/?q=secret#top', 0, '/a/b/'],
  ['https://example.com/caf%C3%A9%20', 0, '/café'],
  ['https://example.com/%zz', 0, '/%zz'],
  ['https://example.com/app#/settings', true, '/app#/settings'],
  ['https://example.com/app#/settings?token=secret', 1, '/app#/settings'],
  ['https://example.com/app#/settings', 0, '/app'],
  ['/just/a/path?q=1', 0, '/just/a/path'],
  ['app://localhost/index.html', 0, '/index.html'],
])('the page of %s (hash mode %s) is %s', (u, h, page) => {
  expect(parsed({ u, h }).page).toBe(page);
});

test.each([
  ['?utm_source=Newsletter&ref=x', 'Newsletter'],
  ['?source=a', 'a'],
  ['?ref=b&utm_source=', 'b'],
  ['?utm_medium=mail', ''],
])('a URL with %s is tagged "%s"', (query, taggedSource) => {
  expect(parsed({ u: `https://example.com/${query}` }).taggedSource).toBe(taggedSource);
});

test.each<[string, unknown, Record<string, string>]>([
  ['an object', { a: 'x', n: 1, yes: true }, { a: 'x', n: '1', yes: 'true' }],
  ['JSON of one', '{"a":"x","long":12345678901234567890}', { a: 'x', long: '12345678901234567890' }],
  ['blanks, lists and maps left out', { a: '', b: ' ', c: null, d: [1], e: {}, f: 0 }, { f: '0' }],
  ['a text that is no JSON', 'a=b', {}],
  ['a list', [1], {}],
  ['nothing', null, {}],
])('props: %s', (_name, props, expected) => {
  for (const key of ['m', 'meta', 'p', 'props']) expect(parsed({ [key]: props }).props).toEqual(expected);
});

test('the first 30 props count', () => {
  const props = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`k${n}`, n]));
  expect(Object.keys(parsed({ p: { empty: '', ...props } }).props)).toEqual(Object.keys(props).slice(0, 30));
});

test.each<[string, unknown, object | undefined]>([
  ['an object', { currency: 'EUR', amount: '9.90' }, { currency: 'EUR', amount: '9.90' }],
  ['JSON of one', '{"currency":"USD","amount":-1322.22}', { currency: 'USD', amount: '-1322.22' }],
  ['no currency', { amount: 1 }, undefined],
  ['no such currency', { currency: 'euro', amount: 1 }, undefined],
  ['no money', { currency: 'XXX', amount: 1 }, undefined],
  ['no number', { currency: 'EUR', amount: '1,50' }, undefined],
  ['far too much', { currency: 'EUR', amount: '1e400' }, undefined],
])('revenue: %s', (_name, revenue, expected) => {
  expect(parsed({ revenue }).revenue).toEqual(expected);
});

test.each<[string, unknown, string[]]>([
  ['no object', [], ['request']],
  ['no JSON', undefined, ['request']],
  ['nothing in it', {}, ['event_name', 'url', 'domain']],
  ['a blank name', { ...minimal, n: ' ' }, ['event_name']],
  ['a name of another type', { ...minimal, n: 1 }, ['event_name']],
  ['a long name', { ...minimal, n: 'x'.repeat(121) }, ['event_name']],
  ['a URL of another type', { ...minimal, u: 1 }, ['url']],
  ['a data: URL', { ...minimal, u: ' DATA:text/html,x' }, ['url']],
  ['a long URL', { ...minimal, u: `https://example.com/${'é'.repeat(1_000)}` }, ['url']],
  ['no URL', { ...minimal, u: 'https://exa mple.com' }, ['url']],
  ['a blank domain', { ...minimal, d: ' , ' }, ['domain']],
  ['too many domains', { ...minimal, d: Array.from({ length: 21 }, (_, n) => `d${n}.com`).join() }, ['domain']],
  ['no domain and no host', { n: 'pageview', u: '/path' }, ['domain']],
  ['a long referrer', { ...minimal, r: `https://example.org/${'x'.repeat(2_000)}` }, ['referrer']],
  ['a referrer of another type', { ...minimal, r: {} }, ['referrer']],
  ['a long key', { ...minimal, p: { ['k'.repeat(301)]: 1 } }, ['props']],
  ['a long value', { ...minimal, p: { k: 'é'.repeat(1_001) } }, ['props']],
])('refused: %s', (_name, body, fields) => {
  expect(Object.keys(errorsOf(body))).toEqual(fields);
});

test('a refusal repeats nothing of what was sent', () => {
  const errors = errorsOf({
    n: 1,
    u: 'data:canary',
    d: '',
    r: `canary${'x'.repeat(3_000)}`,
    p: { canary: 'x'.repeat(3_000) },
  });
  expect(JSON.stringify(errors)).not.toContain('canary');
});
