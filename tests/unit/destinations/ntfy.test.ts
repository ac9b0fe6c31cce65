import { type Answer, DESTINATION_TYPES } from '../../../api/src/destinations/index.ts';

const { ntfy } = DESTINATION_TYPES;

describe('fit', () => {
  it.each([
    ['hello', 'hello'],
    [5, '5'],
    [['a'], '["a"]'],
    [null, ''],
    ['x'.repeat(4096), 'x'.repeat(4096)],
    ['x'.repeat(4097), `${'x'.repeat(4093)}…`],
    [`x${'é'.repeat(4000)}`, `x${'é'.repeat(2046)}…`],
    ['😀'.repeat(1025), `${'😀'.repeat(1023)}…`],
  ])('sends a text as the message: %#', (value, body) => {
    expect(ntfy.fit(value)).toEqual({ body, content_type: 'text/plain; charset=utf-8' });
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4096);
  });

  it('sends an object as JSON, for the URL of a server', () => {
    const value = { topic: 'alerts', title: 'T', message: 'é'.repeat(3000), priority: 4 };
    const { body, content_type } = ntfy.fit(value);
    expect(content_type).toBe('application/json');
    expect(JSON.parse(body)).toEqual({ ...value, message: `${'é'.repeat(2046)}…` });
    expect(ntfy.fit({ topic: 'alerts' }).body).toBe('{"topic":"alerts"}');
  });
});

it('has lines as default body', () => {
  const input = { source: 'shop', type: '', received_at: '2026-01-31T12:00:00.000Z' };
  expect(ntfy.defaultBody?.({ ...input, data: {} })).toBe('shop');
  expect(ntfy.defaultBody?.({ ...input, data: { title: 'Order', n: 5 }, link: 'https://hooks.example/e' })).toBe(
    'Order\nshop\nn: 5\nShow the event: https://hooks.example/e',
  );
});

describe('classify', () => {
  const classify = (status: number, body = '') => ntfy.classify?.({ status, headers: {}, body } as Answer, Date.now());

  it.each([200, 408, 410, 429, 500, 507])('leaves %d to the common rules', (status) => {
    expect(classify(status, '{"code":42901,"http":429,"error":"limit reached"}')).toBeUndefined();
  });

  it.each<[number, string, RegExp]>([
    [
      403,
      '{"code":40301,"http":403,"error":"forbidden"}',
      /^ntfy answered 403: forbidden\. Set the header authorization/,
    ],
    [401, '{"code":40101,"http":401,"error":"unauthorized"}', /Set the header authorization/],
    [404, '{"code":40401,"http":404,"error":"page not found"}', /^ntfy answered 404: page not found\. Check the URL/],
    [400, '{"code":40009,"http":400,"error":"invalid request: topic invalid"}', /Check the topic in the URL/],
    [413, '', /^ntfy answered 413\./],
  ])('ends a delivery at %d %s with a sentence that helps', (status, body, sentence) => {
    expect(classify(status, body)).toEqual({ kind: 'permanent', error: expect.stringMatching(sentence) });
  });
});
