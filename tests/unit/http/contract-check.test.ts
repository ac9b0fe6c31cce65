import { type Answered, createAnswerCheck } from '../../support/contract.ts';

const check = createAnswerCheck();

const problem = {
  type: '/docs/problems#not_found',
  title: 'Not found',
  status: 404,
  detail: 'There is no such thing.',
  code: 'not_found',
  correlation_id: 'c1',
};
const mapping = {
  id: 'aaaaaaaaaaaaaaa',
  account: 'aaaaaaaaaaaaaaa',
  name: 'm',
  source: 'aaaaaaaaaaaaaaa',
  destination: 'aaaaaaaaaaaaaaa',
  enabled: true,
  filter: '',
  template: null,
  content_type: '',
  created: '2026-01-31T12:00:00.000Z',
  updated: '2026-01-31T12:00:00.000Z',
};

function answer(status: number, body: object | undefined, headers: Record<string, string> = {}): Answered {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  const text = body === undefined ? '' : JSON.stringify(body);
  return { status, type, text, body, headers: { 'x-correlation-id': 'c1', etag: '"v1"', ...headers } };
}

const ONE = '/api/v1/mappings/{id}';

describe('the check of answers against the contract', () => {
  it.each<[string, string, string, Answered]>([
    ['a record', 'GET', ONE, answer(200, mapping)],
    ['a problem', 'GET', ONE, answer(404, problem)],
    ['a new record', 'POST', '/api/v1/mappings', answer(201, mapping, { location: '/api/v1/mappings/x' })],
    ['nothing', 'DELETE', ONE, answer(204, undefined)],
  ])('passes %s', (_what, method, path, answered) => {
    expect(() => check(method, path, answered)).not.toThrow();
  });

  it.each<[string, string, string, Answered, string]>([
    ['an operation it has not', 'PUT', ONE, answer(200, mapping), 'has no PUT'],
    ['a path it has not', 'GET', '/api/v1/nothing', answer(200, mapping), 'has no GET'],
    ['a status it has not', 'GET', ONE, answer(500, { ...problem, status: 500 }), 'is not in the contract'],
    ['a missing field', 'GET', ONE, answer(200, { ...mapping, filter: undefined }), "required property 'filter'"],
    ['a field it has not', 'GET', ONE, answer(200, { ...mapping, collectionId: 'x' }), 'unevaluated'],
    [
      'a field in a list',
      'GET',
      '/api/v1/events',
      answer(200, { data: [{ lease: 1 }], next_cursor: null }),
      'unevaluated',
    ],
    ['a value of another type', 'GET', ONE, answer(200, { ...mapping, enabled: 'yes' }), 'must be boolean'],
    ['a time of another form', 'GET', ONE, answer(200, { ...mapping, created: 'yesterday' }), 'date-time'],
    ['a missing header', 'POST', '/api/v1/mappings', answer(201, mapping), 'no Location header'],
    ['a body where there is none', 'DELETE', ONE, answer(204, {}), 'must have no body'],
    ['another content type', 'GET', ONE, { ...answer(200, mapping), type: 'text/html' }, 'content type text/html'],
    ['a code it has not', 'GET', ONE, answer(404, { ...problem, code: 'oops' }), 'allowed values'],
    ['a problem of another status', 'GET', ONE, answer(404, { ...problem, status: 400 }), 'the body says 400'],
    ['another correlation id', 'GET', ONE, answer(404, { ...problem, correlation_id: 'c2' }), 'another correlation id'],
    ['no correlation id', 'GET', ONE, { ...answer(200, mapping), headers: { etag: '"v1"' } }, 'no X-Correlation-Id'],
  ])('refuses %s', (_what, method, path, answered, message) => {
    expect(() => check(method, path, answered)).toThrow(message);
  });
});
