import { makeContext } from '../../../api/src/expressions/index.ts';
import { createAnswerProducer } from '../../../api/src/ingest/producer-answer.ts';
import { checkRecord } from '../../../api/src/kinds/check-expressions.ts';
import type { Source } from '../../../api/src/model/configuration.ts';
import { aSource } from '../../support/records.ts';

const answerProducer = createAnswerProducer();

function answer(source: Partial<Source>, body: unknown = null) {
  const event = { id: 'e1', type: 't', received_at: '', correlation_id: '' };
  const data = { name: 'ä' };
  const context = makeContext({ body, headers: {}, query: {}, method: 'POST', source: 'x', event, data });
  return answerProducer(aSource(source), context);
}

const empty = (status: number) => ({ status, content_type: undefined, body: '' });
const json = (value: unknown, status = 200) => ({
  status,
  content_type: 'application/json',
  body: JSON.stringify(value),
});

describe("a source's own answer", () => {
  it.each<[Source['answer'], unknown]>([
    [{}, empty(204)],
    [{ status: 200 }, empty(200)],
    [{ status: 200, body: '' }, empty(200)],
    [{ body: null }, empty(204)],
    [{ body: 'ok' }, { status: 200, content_type: 'text/plain', body: 'ok' }],
    [
      { status: 201, body: 'id {{ event.id }}' },
      { status: 201, content_type: 'text/plain', body: 'id e1' },
    ],
    [{ body: { challenge: '{{ body.c }}', n: 1 } }, json({ challenge: 'C', n: 1 })],
    [{ body: '{{ {"a": data.name} }}' }, json({ a: 'ä' })],
    [{ body: '{{ body.nothing.orValue(null) }}' }, { ...empty(204), failure: expect.any(String) }],
    [{ body: '{{ null }}' }, empty(204)],
    [
      { status: 200, body: '{{ nonsense( }}' },
      { ...empty(200), failure: expect.any(String) },
    ],
    [{ body: `{{ body.c }}${'x'.repeat(70_000)}` }, { ...empty(204), failure: 'The body is longer than 64 KiB.' }],
    [
      { content_type: 'text/xml', body: '<ok/>' },
      { status: 200, content_type: 'text/xml', body: '<ok/>' },
    ],
  ])('%j: %j', (own, expected) => {
    expect(answer({ answer: own }, { c: 'C' })).toEqual(expected);
  });

  it('counts for more than that of its preset', () => {
    expect(answer({ preset: 'zoom' })).toEqual(empty(200));
    expect(answer({ preset: 'zoom', answer: { status: 202 } })).toEqual(empty(202));
    expect(answer({ verification: 'none' })).toBeUndefined();
  });
});

describe('what vendors want to hear', () => {
  const discord = (body: unknown) => answer({ verification: 'discord' }, body);

  it.each<[string, unknown, unknown]>([
    ['Slack, a slash command: nothing, or it is shown', answer({ verification: 'slack' }), empty(200)],
    [
      'Twilio: no reply',
      answer({ verification: 'twilio' }),
      { status: 200, content_type: 'text/xml', body: '<?xml version="1.0" encoding="UTF-8"?><Response/>' },
    ],
    ['Discord, a command: an answer comes later', discord({ type: 2, data: { name: 'x' } }), json({ type: 5 })],
    ['Discord, a button', discord({ type: 3 }), json({ type: 6 })],
    ['Discord, autocompletion', discord({ type: 4 }), json({ type: 8, data: { choices: [] } })],
    ['Discord, a form', discord({ type: 5 }), json({ type: 5 })],
    ['Discord, a webhook event', discord({ type: 1, event: { type: 'QUEST' } }), empty(204)],
    ['Mailgun: 200, else it comes again', answer({ preset: 'mailgun' }), empty(200)],
    ['Xero: 200 and nothing', answer({ preset: 'xero' }), empty(200)],
    ['GitHub: anything', answer({ verification: 'github' }), undefined],
  ])('%s', (_, given, expected) => {
    expect(given).toEqual(expected);
  });

  it.each([null, 'text', [], { type: 'x' }, 5])('Discord, a body like %j: nothing that fails', (body) => {
    expect(discord(body)?.status).toBeGreaterThanOrEqual(200);
  });
});

describe('the check of an answer when it is saved', () => {
  const problemOf = (own: unknown) =>
    checkRecord('sources', (field) => (field === 'answer' ? JSON.stringify(own) : field === 'extract' ? 'null' : ''))
      .answer;

  it.each([
    null,
    {},
    { status: 299 },
    { body: { a: '{{ body.x }}' } },
    { content_type: 'application/vnd.api+json; charset=utf-8', body: {} },
    { content_type: 'text/xml', body: '<a/>' },
    { content_type: 'application/soap+xml' },
  ])('%j is fine', (own) => {
    expect(problemOf(own)).toBeUndefined();
  });

  it.each([
    ['text', /is an object/],
    [[], /is an object/],
    [{ code: 200 }, /is an object/],
    [{ status: 204, body: 'x' }, /204 has no body/],
    [{ status: 205, body: { a: 1 } }, /205 has no body/],
    [{ status: 500 }, /from 200 to 299/],
    [{ status: '200' }, /from 200 to 299/],
    [{ status: 200.5 }, /from 200 to 299/],
    [{ content_type: 'text/html' }, /JSON, XML or plain text/],
    [{ content_type: 'application/xhtml+xml' }, /JSON, XML or plain text/],
    [{ content_type: 'image/svg+xml' }, /JSON, XML or plain text/],
    [{ content_type: 'text/plain\r\nx: y' }, /JSON, XML or plain text/],
    [{ body: '{{ boddy }}' }, /^In body: /],
    [{ body: '{{ body' }, /^In body: /],
  ])('%j is refused', (own, message) => {
    expect(problemOf(own)).toMatch(message);
  });
});
