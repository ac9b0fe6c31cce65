import fc from 'fast-check';
import { type Answer, DESTINATION_TYPES } from '../../../api/src/destinations/index.ts';

const { discord } = DESTINATION_TYPES;

interface Embed {
  [key: string]: unknown;
  title?: string;
  description?: string;
  author?: { name?: string };
  footer?: { text?: string };
  fields?: { name: string; value: string }[];
}
interface Message {
  [key: string]: unknown;
  content?: string;
  embeds?: Embed[];
}

const fitted = (value: unknown): Message => JSON.parse(discord.fit(value).body) as Message;

/** What Discord counts towards 6000. */
function embedsLength(embeds: Embed[] = []): number {
  const texts = embeds.flatMap((embed) => [
    embed.title,
    embed.description,
    embed.author?.name,
    embed.footer?.text,
    ...(embed.fields ?? []).flatMap(({ name, value }) => [name, value]),
  ]);
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
}

/** No half of a surrogate pair. */
const isWellFormed = (text: string) => Buffer.from(text).toString() === text;

describe('fit', () => {
  it('makes a text the content, as JSON', () => {
    expect(discord.fit('hello')).toMatchObject({ content_type: 'application/json' });
    expect(fitted('hello')).toEqual({ content: 'hello', allowed_mentions: { parse: [] } });
  });

  it.each([
    [5, '5'],
    [true, 'true'],
    [['a', 1], '["a",1]'],
    [12345678901234567890n, '12345678901234567890'],
    [null, ''],
  ])('makes %p the content too', (value, content) => {
    expect(fitted(value)).toMatchObject({ content });
  });

  it('lets nobody be mentioned unless the template says so', () => {
    expect(fitted({ content: '@everyone' }).allowed_mentions).toEqual({ parse: [] });
    expect(fitted({ content: '@everyone', allowed_mentions: null }).allowed_mentions).toEqual({ parse: [] });
    expect(fitted({ content: '@here', allowed_mentions: { parse: ['users'] } }).allowed_mentions).toEqual({
      parse: ['users'],
    });
  });

  it('leaves what fits exactly as it is', () => {
    const message = {
      allowed_mentions: { parse: [] },
      content: 'x'.repeat(2000),
      embeds: [{ title: 't'.repeat(256), color: 5, fields: [{ name: 'n', value: 'v', inline: true }] }],
    };
    expect(fitted(message)).toEqual(message);
  });

  it.each<[string, Message, (message: Message) => string | undefined, number]>([
    ['content', { content: 'x'.repeat(2001) }, (m) => m.content, 2000],
    ['title', { embeds: [{ title: 'x'.repeat(300) }] }, (m) => m.embeds?.[0]?.title, 256],
    ['description', { embeds: [{ description: 'x'.repeat(5000) }] }, (m) => m.embeds?.[0]?.description, 4096],
    ['author', { embeds: [{ author: { name: 'x'.repeat(300) } }] }, (m) => m.embeds?.[0]?.author?.name, 256],
    ['footer', { embeds: [{ footer: { text: 'x'.repeat(3000) } }] }, (m) => m.embeds?.[0]?.footer?.text, 2048],
    [
      'field name',
      { embeds: [{ fields: [{ name: 'x'.repeat(300), value: 'v' }] }] },
      (m) => m.embeds?.[0]?.fields?.[0]?.name,
      256,
    ],
    [
      'field value',
      { embeds: [{ fields: [{ name: 'n', value: 'x'.repeat(1100) }] }] },
      (m) => m.embeds?.[0]?.fields?.[0]?.value,
      1024,
    ],
  ])('cuts the %s', (_, message, part, limit) => {
    const text = part(fitted(message));
    expect(text).toHaveLength(limit);
    expect(text).toMatch(/^x+…$/);
  });

  it('cuts between code points', () => {
    const content = fitted({ content: `x${'😀'.repeat(1000)}` }).content ?? '';
    expect(content).toHaveLength(2000);
    expect(isWellFormed(content)).toBe(true);
    const even = fitted({ content: '😀'.repeat(1001) }).content ?? '';
    expect(even).toBe(`${'😀'.repeat(999)}…`);
  });

  it('keeps the first ten embeds and 25 fields', () => {
    const fields = Array.from({ length: 30 }, (_, i) => ({ name: `n${i}`, value: 'v' }));
    const { embeds } = fitted({ embeds: Array.from({ length: 12 }, (_, i) => ({ title: `t${i}`, fields })) });
    expect(embeds?.map(({ title }) => title)).toEqual(['t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7', 't8', 't9']);
    expect(embeds?.[0]?.fields).toHaveLength(25);
  });

  it('spends 6000 characters over all embeds in order, and drops fields that get nothing', () => {
    const embed = { description: 'd'.repeat(4000), fields: [{ name: 'name', value: 'v'.repeat(1000) }] };
    const { embeds } = fitted({ embeds: [embed, embed, embed] });
    expect(embedsLength(embeds)).toBe(6000);
    expect(embeds?.[0]).toEqual(embed);
    expect(embeds?.[1]?.description).toHaveLength(996);
    expect(embeds?.[1]?.fields).toEqual([]);
    expect(embeds?.[2]).not.toHaveProperty('description');
  });

  it('fills empty field names and values, which Discord refuses', () => {
    expect(fitted({ embeds: [{ fields: [{ name: '', value: null }] }] }).embeds?.[0]?.fields).toEqual([
      { name: '\u200b', value: '\u200b' },
    ]);
  });

  it('writes numbers and lists in texts', () => {
    const { embeds } = fitted({ embeds: [{ title: 7, fields: [{ name: 1, value: ['a'] }] }] });
    expect(embeds).toEqual([{ title: '7', fields: [{ name: '1', value: '["a"]' }] }]);
  });

  it('does not change the value that it was given', () => {
    const value = {
      content: 'x'.repeat(3000),
      embeds: [{ author: { name: 'y'.repeat(300) }, fields: [{ name: '' }] }],
    };
    const before = structuredClone(value);
    fitted(value);
    expect(value).toEqual(before);
  });

  it('is within all limits whatever the template gives', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((part) => part.repeat(120));
    const embed = fc.record(
      {
        title: text,
        description: text,
        footer: fc.oneof(fc.record({ text }), fc.constant(null)),
        author: fc.record({ name: text }),
        fields: fc.array(fc.record({ name: text, value: fc.oneof(text, fc.integer()) }), { maxLength: 30 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.record({ content: text, embeds: fc.array(embed, { maxLength: 12 }) }), (value) => {
        const { content, embeds = [] } = fitted(value);
        expect(content?.length ?? 0).toBeLessThanOrEqual(2000);
        expect(embedsLength(embeds)).toBeLessThanOrEqual(6000);
        expect(embeds.length).toBeLessThanOrEqual(10);
        for (const { fields = [] } of embeds) {
          expect(fields.every(({ name, value }) => name.length > 0 && value.length > 0)).toBe(true);
        }
        expect(isWellFormed(JSON.stringify({ content, embeds }))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('defaultBody', () => {
  const input = { source: 'github', type: 'issues.opened', received_at: '2026-01-31T12:00:00.000Z', data: {} };

  it('says what came from where', () => {
    expect(discord.defaultBody?.(input)).toEqual({
      embeds: [{ title: 'github: issues.opened', timestamp: '2026-01-31T12:00:00.000Z' }],
    });
    expect(discord.defaultBody?.({ ...input, type: '' })).toMatchObject({ embeds: [{ title: 'github' }] });
  });

  it('shows what the source extracted, short', () => {
    const data = {
      title: 'Crash',
      url: 'https://github.com/x/1',
      author: 'ann',
      n: 5,
      none: null,
      blob: 'x'.repeat(900),
    };
    expect(discord.defaultBody?.({ ...input, data })).toEqual({
      embeds: [
        {
          title: 'Crash',
          url: 'https://github.com/x/1',
          fields: [
            { name: 'author', value: 'ann', inline: true },
            { name: 'n', value: '5', inline: true },
            { name: 'blob', value: `${'x'.repeat(199)}…`, inline: true },
          ],
          footer: { text: 'github: issues.opened' },
          timestamp: '2026-01-31T12:00:00.000Z',
        },
      ],
    });
  });

  it('links to the event', () => {
    expect(discord.defaultBody?.({ ...input, link: 'https://hooks.example/e' })).toEqual({
      embeds: [
        {
          title: 'github: issues.opened',
          description: '[Show the event](https://hooks.example/e)',
          timestamp: '2026-01-31T12:00:00.000Z',
        },
      ],
    });
  });

  it('links only to the web', () => {
    const body = discord.defaultBody?.({ ...input, data: { url: 'javascript:alert(1)' } });
    expect(JSON.stringify(body)).not.toContain('javascript');
  });
});

describe('classify', () => {
  const classify = (answer: Partial<Answer>) =>
    discord.classify?.({ status: 200, headers: {}, body: '', ...answer }, Date.now());

  it.each([200, 204, 408, 410, 500, 502, 503])('leaves %d to the common rules', (status) => {
    expect(classify({ status })).toBeUndefined();
  });

  it.each<[number, string, RegExp]>([
    [
      404,
      '{"message": "Unknown Webhook", "code": 10015}',
      /^Discord answered 404: Unknown Webhook \(10015\)\. .*deleted/,
    ],
    [401, '{"message": "Invalid Webhook Token", "code": 50027}', /Invalid Webhook Token \(50027\)\. .*copy it again/],
    [400, '{"message": "Cannot send an empty message", "code": 50006}', /empty message.*content or at least one embed/],
    [403, '<html>', /^Discord answered 403\. Check the webhook URL\.$/],
    [400, '', /^Discord answered 400\. Correct the template\.$/],
    [413, '', /^Discord answered 413\. Correct the template\.$/],
    [400, '[]', /^Discord answered 400\. Correct the template\.$/],
    [400, '{"embeds": ["0"]}', /embeds: 0\. Correct the template/],
    [400, '{"content": ["Must be 2000 or fewer in length."]}', /content: Must be 2000 or fewer in length\. Correct/],
    [
      400,
      JSON.stringify({
        message: 'Invalid Form Body',
        code: 50035,
        errors: {
          embeds: { 0: { url: { _errors: [{ code: 'URL_TYPE_INVALID_URL', message: 'Not a well formed URL.' }] } } },
        },
      }),
      /^Discord answered 400: Invalid Form Body \(50035\): embeds\.0\.url: Not a well formed URL\. Correct the template\.$/,
    ],
  ])('ends a delivery at %d %s with a sentence that helps', (status, body, sentence) => {
    const outcome = classify({ status, body });
    expect(outcome).toMatchObject({ kind: 'permanent', error: expect.stringMatching(sentence) });
  });

  it('keeps the sentence short', () => {
    const body = JSON.stringify({ message: 'x'.repeat(5000), code: 1 });
    const outcome = classify({ status: 400, body });
    expect(outcome && 'error' in outcome && outcome.error.length).toBeLessThanOrEqual(300);
  });

  it('waits as long as the JSON of a 429 says', () => {
    expect(classify({ status: 429, body: '{"message": "…", "retry_after": 0.6512, "global": false}' })).toMatchObject({
      kind: 'throttled',
      retry_after_ms: 652,
    });
  });

  it.each(['', '<html>', '{}', '{"retry_after": "1"}', 'null', '{"retry_after": -1}'])(
    'leaves a 429 with the body %j to the header',
    (body) => {
      expect(classify({ status: 429, body })).toBeUndefined();
    },
  );
});
