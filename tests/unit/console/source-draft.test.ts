import { bodyOf, changesOf, type Draft, draftOf, EMPTY, slugOf } from '../../../api/console/src/sources/draft.ts';

const BEFORE: Draft = {
  ...EMPTY,
  name: 'shop',
  eventType: 'body.action',
  extract: 'a: body.a',
  keptSecrets: ['••••1'],
};

test.each<[Partial<Draft>, object]>([
  [{}, {}],
  [{ eventType: '' }, { event_type: '' }],
  [{ extract: 'a: body.a\n\nurl: "https://x/" + body.b' }, { extract: { a: 'body.a', url: '"https://x/" + body.b' } }],
  [{ extract: ' ' }, { extract: null }],
  [{ split: 'body.events' }, { split: 'body.events' }],
  [{ rateLimit: '20' }, { rate_limit: 20 }],
  [{ rateLimit: 'many' }, { rate_limit: 'many' }],
  [{ secret: ' abc ' }, { secrets: ['abc', '••••1'] }],
  [{ secret: 'abc', keptSecrets: [] }, { secrets: ['abc'] }],
  [{ keptSecrets: [] }, { secrets: [] }],
  [
    { verification: 'hmac', options: { header: 'x-sig', prefix: '' } },
    { verification: 'hmac', verification_options: { header: 'x-sig' } },
  ],
  [
    { whenPaused: 'gone', onMalformed: 'keep' },
    { when_paused: 'gone', on_malformed: 'keep' },
  ],
  [{ corsOrigins: 'https://a.example\n\n' }, { cors_origins: ['https://a.example'] }],
  [{ notRedacted: 'x-order-key' }, { not_redacted: ['x-order-key'] }],
  [{ answers: 'own' }, { answer: {} }],
  [
    { answers: 'own', answerBody: '{"ok": true}', answerStatus: '201' },
    { answer: { body: { ok: true }, status: 201 } },
  ],
  [{ answers: 'own', answerBody: 'thanks' }, { answer: { body: 'thanks' } }],
  [
    { answers: 'own', answerBody: '123', answerType: 'text/plain' },
    { answer: { body: '123', content_type: 'text/plain' } },
  ],
  [{ answerBody: 'typed, and then the default chosen' }, {}],
])('%j changes %j', (typed, changes) => {
  expect(changesOf(BEFORE, { ...BEFORE, ...typed })).toEqual(changes);
});

test('of a new source the preset gives what nothing was said about', () => {
  expect(bodyOf({ ...EMPTY, name: ' zoom ', preset: 'zoom' })).toEqual({ name: 'zoom', preset: 'zoom' });
  expect(bodyOf({ ...EMPTY, name: 'mine', verification: 'bearer', secret: 's' })).toEqual({
    name: 'mine',
    verification: 'bearer',
    verification_options: null,
    secrets: ['s'],
  });
});

test('the draft of what is stored says the same as what is stored', () => {
  const stored = {
    name: 'shop',
    preset: '',
    verification: 'hmac',
    verification_options: { header: 'x-sig', prefix: 'sha256=' },
    secrets: ['••••1', '••••2'],
    event_type: 'body.type',
    dedupe_key: 'body.id',
    split: 'body.events',
    extract: { a: 'body.a' },
    answer: { status: 200, content_type: 'text/xml', body: '<ok/>' },
    when_paused: 'not_found',
    on_malformed: 'keep',
    cors_origins: ['*'],
    not_redacted: ['x-order-key'],
    rate_limit: 5,
    max_body_bytes: 1_000,
  };
  const draft = draftOf(stored as Parameters<typeof draftOf>[0]);
  const { preset: _, ...said } = stored;
  expect(bodyOf(draft)).toEqual(said);
});

test.each([
  ['Cal.com', 'cal-com'],
  ['GitHub', 'github'],
  ['  -- ', ''],
])('%s is %s in a URL', (title, slug) => expect(slugOf(title)).toBe(slug));
