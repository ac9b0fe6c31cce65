import fc from 'fast-check';
import { type Answer, DESTINATION_TYPES } from '../../../api/src/destinations/index.ts';

const { teams } = DESTINATION_TYPES;

interface Card {
  [key: string]: unknown;
  body: { [key: string]: unknown; text?: string; facts?: unknown[] }[];
}
const asSent = (value: unknown) => JSON.parse(teams.fit(value).body);
/** The card of a message that holds exactly one, as the trigger of a workflow wants it. */
const cardOf = (value: unknown): Card => {
  const message = asSent(value);
  expect(message).toMatchObject({
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard' } }],
  });
  return message.attachments[0].content;
};

describe('fit', () => {
  it.each([
    ['hello', 'hello'],
    [5, '5'],
    [['a'], '["a"]'],
  ])('makes a card of %p', (value, text) => {
    expect(teams.fit(value).content_type).toBe('application/json');
    expect(cardOf(value)).toMatchObject({ version: '1.4', body: [{ type: 'TextBlock', text, wrap: true }] });
  });

  it('attaches a card, and leaves messages and other objects as they are', () => {
    const card = { type: 'AdaptiveCard', version: '1.5', body: [] };
    expect(cardOf(card)).toEqual(card);
    for (const value of [
      { type: 'message', attachments: [{ content: card }] },
      { severity: 3, text: 'own schema' },
    ]) {
      expect(asSent(value)).toEqual(value);
    }
  });

  it('cuts texts until the message fits, addresses never', () => {
    const url = `https://example.com/${'u'.repeat(900)}`;
    const body = [
      { type: 'TextBlock', text: 'x'.repeat(30_000) },
      { type: 'TextBlock', text: 'short' },
      { type: 'FactSet', facts: [{ title: 'é'.repeat(20_000), value: 'y'.repeat(20_000) }] },
    ];
    const value = { type: 'AdaptiveCard', body, actions: [{ type: 'Action.OpenUrl', title: 'Open', url }] };
    const card = cardOf(value);
    expect(Buffer.byteLength(teams.fit(value).body)).toBeLessThanOrEqual(28_000);
    expect(card.body.map(({ text }) => text?.length)).toEqual([4000, 5, undefined]);
    expect(card.body[0]?.text?.endsWith('x…')).toBe(true);
    expect(card.actions).toEqual(value.actions);
    expect(body[0]?.text).toHaveLength(30_000);
  });

  it('leaves out elements when short texts are not enough', () => {
    const body = Array.from({ length: 2000 }, (_, i) => ({ type: 'TextBlock', text: `${i}` }));
    const card = cardOf({ type: 'AdaptiveCard', body });
    expect(card.body).toEqual(body.slice(0, 50));
  });

  it('fits whatever the template gives', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 }).map((part) => part.repeat(500));
    const block = fc.record({ type: fc.constant('TextBlock'), text });
    fc.assert(
      fc.property(fc.array(block, { maxLength: 80 }), (body) => {
        const sent = teams.fit({ type: 'AdaptiveCard', body }).body;
        expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(28_000);
        expect(() => JSON.parse(sent)).not.toThrow();
      }),
      { numRuns: 25 },
    );
  });
});

it('has a card as default body', () => {
  const input = { source: 'github', type: 'issues.opened', received_at: '2026-01-31T12:00:00.000Z' };
  expect(teams.defaultBody?.({ ...input, data: {} })).toEqual({
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.4',
    body: [{ type: 'TextBlock', text: 'github: issues.opened', wrap: true, size: 'Medium', weight: 'Bolder' }],
  });
  const data = { title: 'Crash', url: 'https://x.example/1', author: 'ann', n: 5 };
  expect(teams.defaultBody?.({ ...input, data, link: 'https://hooks.example/e' })).toMatchObject({
    body: [
      { text: 'Crash' },
      { text: 'github: issues.opened', isSubtle: true },
      {
        type: 'FactSet',
        facts: [
          { title: 'author', value: 'ann' },
          { title: 'n', value: '5' },
        ],
      },
    ],
    actions: [
      { type: 'Action.OpenUrl', title: 'Open', url: 'https://x.example/1' },
      { type: 'Action.OpenUrl', title: 'Show the event', url: 'https://hooks.example/e' },
    ],
  });
});

describe('classify', () => {
  const classify = (answer: Partial<Answer>) =>
    teams.classify?.({ status: 202, headers: {}, body: '', ...answer }, Date.now());

  it.each([200, 202, 408, 410, 429, 500, 502, 503])('leaves %d to the common rules', (status) => {
    expect(classify({ status })).toBeUndefined();
  });

  it.each<[number, object | string, RegExp]>([
    [
      400,
      { error: { code: 'WorkflowTriggerIsNotEnabled', message: 'Could not execute workflow trigger.' } },
      /^Teams answered 400: WorkflowTriggerIsNotEnabled: Could not execute workflow trigger\. Switch the workflow on/,
    ],
    [400, { error: { code: 'TriggerInputSchemaMismatch' } }, /Correct the template: it does not fit the schema/],
    [
      401,
      { error: { code: 'DirectApiAuthorizationRequired', message: 'sig' } },
      /Copy the whole URL .* with its sig\.$/,
    ],
    [404, { error: { code: 'WorkflowNotFound', message: 'gone' } }, /was deleted; make a new one/],
    [404, '<html>', /^Teams answered 404\. Copy the whole URL/],
    [413, '', /^Teams answered 413\. Correct the template: an Adaptive Card\.$/],
  ])('ends a delivery at %d %j with a sentence that helps', (status, body, sentence) => {
    expect(classify({ status, body: typeof body === 'string' ? body : JSON.stringify(body) })).toEqual({
      kind: 'permanent',
      error: expect.stringMatching(sentence),
    });
  });
});
