import { type Answer, DESTINATION_TYPES } from '../../../api/src/destinations/index.ts';

const { telegram } = DESTINATION_TYPES;
const asSent = (value: unknown): Record<string, unknown> => JSON.parse(telegram.fit(value).body);

describe('fit', () => {
  it.each([
    ['hello', 'hello'],
    [5, '5'],
    [['a'], '["a"]'],
    [null, ''],
  ])('makes %p the text', (value, text) => {
    expect(telegram.fit(value).content_type).toBe('application/json');
    expect(asSent(value)).toEqual({ text });
  });

  it('leaves what fits exactly as it is', () => {
    const message = { chat_id: 5, text: 'x'.repeat(4096), parse_mode: 'HTML', caption: 'c'.repeat(1024) };
    expect(asSent(message)).toEqual(message);
  });

  it.each([
    ['text', 4096],
    ['caption', 1024],
  ])('cuts the %s, and sends what is cut without a mode: a tag may be left open', (key, limit) => {
    const fitted = asSent({ [key]: `<b>${'x'.repeat(limit)}</b>`, parse_mode: 'HTML', chat_id: '@c' });
    expect(fitted).toEqual({ chat_id: '@c', [key]: `<b>${'x'.repeat(limit - 4)}…` });
  });

  it('keeps the template that it was given', () => {
    const value = { text: 'x'.repeat(5000), parse_mode: 'HTML' };
    asSent(value);
    expect(value).toEqual({ text: 'x'.repeat(5000), parse_mode: 'HTML' });
  });
});

it('has a default body without markup', () => {
  const input = { source: 'github', type: 'issues.opened', received_at: '2026-01-31T12:00:00.000Z' };
  expect(telegram.defaultBody?.({ ...input, data: {} })).toMatchObject({ text: 'github: issues.opened' });
  const data = { title: '<b>Crash</b>', url: 'https://x.example/1', author: 'ann', none: '' };
  expect(telegram.defaultBody?.({ ...input, data, link: 'https://hooks.example/e' })).toEqual({
    text: [
      '<b>Crash</b>',
      'github: issues.opened',
      'https://x.example/1',
      'author: ann',
      'Show the event: https://hooks.example/e',
    ].join('\n'),
    link_preview_options: { is_disabled: true },
  });
});

describe('classify', () => {
  const classify = (answer: Partial<Answer>) =>
    telegram.classify?.({ status: 200, headers: {}, body: '', ...answer }, Date.now());
  const refused = (error_code: number, description: string, parameters?: object) =>
    JSON.stringify({ ok: false, error_code, description, ...(parameters && { parameters }) });

  it.each([200, 302, 408, 410, 500, 502, 503])('leaves %d to the common rules', (status) => {
    expect(classify({ status, body: '{"ok":true}' })).toBeUndefined();
  });

  it.each<[number, string, RegExp]>([
    [400, refused(400, 'Bad Request: chat_id is empty'), /^Telegram answered 400: .*chat_id is empty\. Add \?chat_id=/],
    [400, refused(400, 'Bad Request: chat not found'), /Correct chat_id in the URL/],
    [400, refused(400, "Bad Request: can't parse entities: Unsupported start tag"), /leave out parse_mode/],
    [400, refused(400, 'Bad Request: message text is empty'), /must give a text/],
    [400, refused(400, 'Bad Request: not enough rights to send text messages to the chat'), /Let the bot write/],
    [400, refused(400, 'Bad Request: something new'), /something new\. Correct the template\.$/],
    [
      400,
      refused(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: -1001234567890 }),
      /Set chat_id=-1001234567890 in the URL\.$/,
    ],
    [401, refused(401, 'Unauthorized'), /^Telegram answered 401: Unauthorized\. .*BotFather/],
    [403, refused(403, 'Forbidden: bot was kicked from the group chat'), /Add the bot to the chat again/],
    [403, refused(403, 'Forbidden: bot was blocked by the user'), /Add the bot to the chat again/],
    [404, refused(404, 'Not Found'), /BotFather/],
    [404, '<html>', /^Telegram answered 404\. Check the URL/],
  ])('ends a delivery at %d %s with a sentence that helps', (status, body, sentence) => {
    expect(classify({ status, body })).toEqual({ kind: 'permanent', error: expect.stringMatching(sentence) });
  });

  it('waits as long as parameters.retry_after says', () => {
    const body = refused(429, 'Too Many Requests: retry after 35', { retry_after: 35 });
    expect(classify({ status: 429, body })).toEqual({
      kind: 'throttled',
      error: 'Telegram asks to wait 35 s (429 Too Many Requests).',
      retry_after_ms: 35_000,
    });
  });

  it.each(['', '<html>', '{}', '{"parameters":5}', '{"parameters":{"retry_after":"5"}}', 'null'])(
    'leaves a 429 with the body %j to the header',
    (body) => {
      expect(classify({ status: 429, body })).toBeUndefined();
    },
  );
});
