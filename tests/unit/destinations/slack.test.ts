import { type Answer, DESTINATION_TYPES } from '../../../api/src/destinations/index.ts';

const { slack } = DESTINATION_TYPES;

interface Block {
  [key: string]: unknown;
  text?: { text?: string };
  fields?: { text: string }[];
  elements?: { text: string }[];
}

const asSent = (value: unknown): { text?: string; blocks?: Block[]; attachments?: unknown[] } =>
  JSON.parse(slack.fit(value).body);

describe('fit', () => {
  it.each([
    ['hello', 'hello'],
    [5, '5'],
    [['a'], '["a"]'],
    [null, ''],
  ])('makes %p the text', (value, text) => {
    expect(slack.fit(value).content_type).toBe('application/json');
    expect(asSent(value)).toEqual({ text });
  });

  it('leaves what fits exactly as it is', () => {
    const message = {
      text: 'x'.repeat(40_000),
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'h'.repeat(150) } },
        { type: 'section', text: { type: 'mrkdwn', text: 's'.repeat(3000) }, fields: [{ type: 'mrkdwn', text: 'f' }] },
        { type: 'divider' },
        { type: 'actions', elements: Array.from({ length: 12 }, (_, i) => ({ type: 'button', value: `${i}` })) },
        { type: 'markdown', text: 'm'.repeat(9000) },
        'no block',
      ],
      username: 'pockethook',
    };
    expect(asSent(message)).toEqual(message);
  });

  it('cuts the text', () => {
    const { text } = asSent({ text: 'x'.repeat(40_001) });
    expect(text).toHaveLength(40_000);
    expect(text?.endsWith('x…')).toBe(true);
  });

  it.each<[string, Block, (block: Block | undefined) => string | undefined, number]>([
    ['header', { type: 'header', text: { text: 'x'.repeat(151) } }, (b) => b?.text?.text, 150],
    ['section', { type: 'section', text: { text: 'x'.repeat(3001) } }, (b) => b?.text?.text, 3000],
    ['field', { type: 'section', fields: [{ text: 'x'.repeat(2001) }] }, (b) => b?.fields?.[0]?.text, 2000],
    ['context', { type: 'context', elements: [{ text: 'x'.repeat(3001) }] }, (b) => b?.elements?.[0]?.text, 3000],
  ])('cuts the text of a %s', (_, block, part, limit) => {
    const text = part(asSent({ blocks: [block] }).blocks?.[0]);
    expect(text).toHaveLength(limit);
    expect(text).toMatch(/^x+…$/);
  });

  it('keeps the first 50 blocks, 10 fields, 10 elements of a context and 100 attachments', () => {
    const many = (length: number) => Array.from({ length }, (_, i) => ({ text: `${i}` }));
    const blocks = [{ type: 'section', fields: many(11) }, { type: 'context', elements: many(11) }, ...many(60)];
    const fitted = asSent({ blocks, attachments: many(101) });
    expect(fitted.blocks).toHaveLength(50);
    expect(fitted.blocks?.[0]?.fields).toHaveLength(10);
    expect(fitted.blocks?.[1]?.elements).toHaveLength(10);
    expect(fitted.attachments).toHaveLength(100);
  });

  it.each([
    ['<!channel> now', '&lt;!channel> now'],
    ['<!here|here>', '&lt;!here|here>'],
    ['<!everyone>', '&lt;!everyone>'],
    ['<!subteam^S123>', '&lt;!subteam^S123>'],
    ['<@U123>', '&lt;@U123>'],
    ['@channel and @all', '@\u200bchannel and @\u200ball'],
    ['@Channel, /@HERE .@all @@everyone', '@\u200bChannel, /@\u200bHERE .@\u200ball @@\u200beveryone'],
    ['https://a.example/x @all', 'https://a.example/x @\u200ball'],
    ['https://a.example<@all https://@here', 'https://a.example&lt;@\u200ball https://@\u200bhere'],
  ])('lets %j notify nobody', (text, shown) => {
    expect(asSent(text)).toEqual({ text: shown });
    expect(asSent({ blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] }).blocks?.[0]?.text?.text).toBe(
      shown,
    );
    expect(asSent({ attachments: [{ text }] })).toEqual({ attachments: [{ text: shown }] });
  });

  it.each([
    '<https://example.com/@all|a link>',
    'https://example.com/a,@all',
    'me@all.example',
    '<!date^1392734382^{date}|then>',
    '@channels',
  ])('leaves %j alone', (text) => {
    expect(asSent(text)).toEqual({ text });
  });

  it('lets a template notify that says so', () => {
    expect(asSent({ text: '<!channel>', link_names: true })).toEqual({ text: '<!channel>', link_names: true });
  });

  it('does not change the value that it was given', () => {
    const value = { text: '<!here>', blocks: [{ type: 'header', text: { text: 'x'.repeat(200) } }], attachments: [{}] };
    const before = structuredClone(value);
    asSent(value);
    expect(value).toEqual(before);
  });
});

describe('defaultBody', () => {
  const input = { source: 'github', type: 'issues.opened', received_at: '2026-01-31T12:00:00.000Z', data: {} };

  it('says what came from where', () => {
    expect(slack.defaultBody?.(input)).toEqual({ text: '*github: issues.opened*' });
    expect(slack.defaultBody?.({ ...input, type: '' })).toEqual({ text: '*github*' });
  });

  it('shows what the source extracted and links to the event; no payload makes markup', () => {
    const data = {
      title: 'Crash of <b>\n& <!channel>',
      url: 'https://x.example/?a=1&b=|<',
      author: '<@U1>',
      n: 5,
      none: null,
    };
    expect(slack.defaultBody?.({ ...input, data, link: 'https://hooks.example/#/?a=b&c=d' })).toEqual({
      text: [
        '*<https://x.example/?a=1&amp;b=%7C%3C|Crash of &lt;b&gt; &amp; &lt;!channel&gt;>*',
        'github: issues.opened',
        '• author: &lt;@\u200bU1&gt;',
        '• n: 5',
        '<https://hooks.example/#/?a=b&amp;c=d|Show the event>',
      ].join('\n'),
    });
  });
});

describe('classify', () => {
  const classify = (answer: Partial<Answer>) =>
    slack.classify?.({ status: 200, headers: {}, body: '', ...answer }, Date.now());

  it.each([200, 302, 408, 429, 500, 503])('leaves %d to the common rules', (status) => {
    expect(classify({ status, body: 'rollup_error' })).toBeUndefined();
  });

  it.each<[number, string, RegExp]>([
    [400, 'invalid_payload', /^Slack answered 400: invalid_payload\. Correct the template: an object/],
    [400, 'invalid_blocks', /Block Kit Builder/],
    [400, 'no_text', /must give a text, blocks or attachments/],
    [403, 'action_prohibited', /ask an admin/],
    [403, 'invalid_token', /copy it again from Slack/],
    [404, 'no_service', /^Slack answered 404: no_service\. The webhook was removed .* make a new one/],
    [404, 'channel_not_found\n', /404: channel_not_found\. .*another one/],
    [404, '<html>no</html>', /^Slack answered 404\. Check the webhook URL\.$/],
    [400, 'something_new', /^Slack answered 400: something_new\. Correct the template\.$/],
    [413, '', /^Slack answered 413\. Correct the template\.$/],
    [
      400,
      '{"id":"web.incoming_webhook.channel.app_error","message":"Couldn\'t find the channel.","status_code":400}',
      /^The chat service answered 400: Couldn't find the channel\. Correct the template\.$/,
    ],
  ])('ends a delivery at %d %s with a sentence that helps', (status, body, sentence) => {
    expect(classify({ status, body })).toEqual({ kind: 'permanent', error: expect.stringMatching(sentence) });
  });

  it('sends no more to a channel that is archived', () => {
    expect(classify({ status: 410, body: 'channel_is_archived' })).toEqual({
      kind: 'gone',
      error: expect.stringMatching(/^Slack answered 410: channel_is_archived\. Unarchive .*enable the destination\.$/),
    });
  });

  it('keeps the sentence short', () => {
    const outcome = classify({ status: 400, body: JSON.stringify({ message: 'x'.repeat(5000) }) });
    expect(outcome && 'error' in outcome && outcome.error.length).toBeLessThanOrEqual(300);
  });
});
