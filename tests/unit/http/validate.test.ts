import { createValidator, type Input } from '../../../api/src/http/validate.ts';
import type { FieldError, Problem } from '../../../api/src/model/problems.ts';
import { thingsContract } from './support.ts';

const validator = createValidator(thingsContract());

function check(operation: string, given: Partial<Input>): Input {
  return validator(operation)({ params: {}, query: {}, body: undefined, ...given } as never);
}

function errorsOf(operation: string, given: Partial<Input>): FieldError[] {
  try {
    check(operation, given);
  } catch (error) {
    expect(error).toMatchObject({ name: 'Problem', code: 'validation_failed' });
    return (error as Problem).errors ?? [];
  }
  throw new Error('nothing was refused');
}

describe('createValidator', () => {
  it('gives query values the types of the contract', () => {
    expect(check('listThings', { query: { limit: '20', state: 'open' } }).query).toEqual({ limit: 20, state: 'open' });
  });

  it('does not change the request', () => {
    const query = { limit: '20' };
    check('listThings', { query });
    expect(query).toEqual({ limit: '20' });
  });

  it.each(['2026-01-31T12:00:00Z', '2026-01-31t12:00:00.5+01:00', '2024-02-29T00:00:00Z'])(
    'takes the time %s',
    (from) => {
      expect(check('listBoxes', { query: { from } }).query).toMatchObject({ from });
    },
  );

  it.each([
    ...['2016-12-31T23:59:60Z', '2026-01-31T12:00:00+01', '2026-02-30T12:00:00Z', '2026-01-31'],
    ...['9999-12-31T23:59:59-05:00', '0000-01-01T00:00:00+05:00', 'now', ''],
  ])('refuses the time %s, which does not exist', (from) => {
    expect(errorsOf('listBoxes', { query: { from } })).toEqual([
      { field: 'query/from', message: 'must be a time that exists, such as 2026-01-31T12:00:00Z' },
    ]);
  });

  it('does not convert a body', () => {
    expect(errorsOf('createThing', { body: { name: 7 } })).toEqual([{ field: '/name', message: 'must be string' }]);
  });

  it('puts the defaults of the contract into a body, and leaves the one that was sent alone', () => {
    const body = { name: 'abc' };
    expect(check('createBox', { body }).body).toEqual({ name: 'abc', kept: true });
    expect(check('createBox', { body: { kept: false } }).body).toEqual({ kept: false });
    expect(check('patchBoxes', { body }).body).toEqual({ name: 'abc' });
    expect(body).toEqual({ name: 'abc' });
    expect(errorsOf('createBox', { body: { size: 1 } })).toEqual([
      { field: '/size', message: 'is unknown here; known are: name, kept' },
    ]);
  });

  it('passes a body that fits', () => {
    const body = { name: 'abc', tags: ['x'], any: { deep: [null, 1] } };
    expect(check('createThing', { body }).body).toEqual(body);
  });

  it.each<[string, string, Partial<Input>, FieldError]>([
    ['a missing field', 'createThing', { body: {} }, { field: '/name', message: 'is required' }],
    [
      'an unknown field',
      'createThing',
      { body: { name: 'a', nmae: 1 } },
      { field: '/nmae', message: 'is unknown here; known are: name, state, tags, any' },
    ],
    [
      'a field named __proto__',
      'createThing',
      { body: JSON.parse('{"name":"a","__proto__":{}}') },
      { field: '/__proto__', message: 'is unknown here; known are: name, state, tags, any' },
    ],
    [
      'a long text',
      'createThing',
      { body: { name: 'abcdef' } },
      { field: '/name', message: 'must have at most 5 characters' },
    ],
    [
      'an empty text',
      'createThing',
      { body: { name: '' } },
      { field: '/name', message: 'must have at least 1 characters' },
    ],
    [
      'a text of another form',
      'createThing',
      { body: { name: 'A' } },
      { field: '/name', message: 'must match ^[a-z]*$' },
    ],
    [
      'a value off the list',
      'createThing',
      { body: { name: 'a', state: 'ajar' } },
      { field: '/state', message: 'must be one of: open, closed' },
    ],
    [
      'a wrong item',
      'createThing',
      { body: { name: 'a', tags: ['b', 1] } },
      { field: '/tags/1', message: 'must be string' },
    ],
    ['a list', 'createThing', { body: [] }, { field: '/', message: 'must be object' }],
    ['null', 'createThing', { body: null }, { field: '/', message: 'must be object' }],
    [
      'a query value off range',
      'listThings',
      { query: { limit: '0' } },
      { field: 'query/limit', message: 'must be >= 1' },
    ],
    [
      'a query value of no number',
      'listThings',
      { query: { limit: 'x' } },
      { field: 'query/limit', message: 'must be integer' },
    ],
    [
      'a repeated parameter',
      'listThings',
      { query: { state: ['open', 'closed'] } },
      { field: 'query/state', message: 'must be string' },
    ],
    [
      'an unknown parameter',
      'listThings',
      { query: { stat: 'open' } },
      { field: 'query/stat', message: 'is unknown here; known are: limit, state' },
    ],
    [
      'a path value',
      'getThing',
      { params: { id: 'abcdef' } },
      { field: 'path/id', message: 'must have at most 5 characters' },
    ],
  ])('refuses %s', (_what, operation, given, error) => {
    expect(errorsOf(operation, given)).toContainEqual(error);
  });

  it('says of what may be null only what is wrong with it', () => {
    expect(check('createJar', { body: { lid: null } }).body).toEqual({ lid: null });
    expect(errorsOf('createJar', { body: { lid: { size: 10 } } })).toEqual([
      { field: '/lid/size', message: 'must be <= 9' },
    ]);
    expect(errorsOf('createJar', { body: { lid: 'x' } })).toEqual([{ field: '/lid', message: 'must be object' }]);
  });

  it('asks for the body that is missing', () => {
    expect(() => check('createThing', {})).toThrow('Content-Type: application/json');
  });

  it('lets an optional body be absent', () => {
    expect(check('patchThing', { params: { id: 'a' } }).body).toBeUndefined();
  });

  it('names at most 20 fields', () => {
    const body = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`x${i}`, i]));
    expect(errorsOf('createThing', { body })).toHaveLength(20);
  });

  it('does not know an operation that the contract has not', () => {
    expect(() => validator('fly')).toThrow('openapi.yaml has no operation fly');
  });
});
