import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { createDecrypt } from '../../../api/src/store/pocketbase/secrets.ts';
import { type RawRecord, readRecords } from '../../../api/src/store/pocketbase/stored-records.ts';
import { aDestination, aMapping, aSource } from '../../support/records.ts';

const KEY = randomBytes(32);
const decrypt = createDecrypt(KEY.toString('base64'));

function seal(text: string, place: string, key = KEY): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(place));
  const sealed = Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return `enc:v1:${createHash('sha256').update(key).digest('hex').slice(0, 8)}:${sealed.toString('base64')}`;
}

const raw = (record: object, fields: object = {}) => ({ ...record, ...fields }) as RawRecord;
const WELL = 'source000000002';
const CANARY = 'canary-of-a-value';

test('what is well is read, its secrets opened', () => {
  const source = raw(aSource(), { secrets: [seal('s3cret', 'sources/source000000001/secrets')], added_later: 1 });
  expect(readRecords('sources', [source], decrypt)).toMatchObject({
    records: [{ secrets: ['s3cret'] }],
    unreadable: [],
  });
  const headers = { authorization: seal('Bearer x', 'destinations/destination0001/headers') };
  const url = seal('https://discord.com/x', 'destinations/destination0001/url');
  const { records, unreadable } = readRecords(
    'destinations',
    [raw(aDestination(), { headers, url, secrets: null })],
    decrypt,
  );
  expect(records).toEqual([
    aDestination({ headers: { authorization: 'Bearer x' }, url: 'https://discord.com/x', secrets: [] }),
  ]);
  expect(unreadable).toEqual([]);
});

test('what a save lets through is read', () => {
  const empty = { secrets: '', verification_options: '', extract: '' };
  const nulls = { verification_options: { algorithm: null, encoding: null, header: null } };
  expect(readRecords('sources', [raw(aSource(), empty), raw(aSource(), nulls)], decrypt)).toMatchObject({
    records: [{ secrets: [], verification_options: null, extract: null }, {}],
    unreadable: [],
  });
  const destination = { secrets: '', headers: '', retry_schedule: '' };
  expect(readRecords('destinations', [raw(aDestination(), destination)], decrypt)).toEqual({
    records: [aDestination()],
    unreadable: [],
  });
});

test.each<[what: string, fields: object, problem: RegExp]>([
  [
    'a key that is not there',
    { secrets: [seal('x', 'sources/source000000001/secrets', randomBytes(32))] },
    /^secrets is encrypted with the key [0-9a-f]{8}, which ENCRYPTION_KEYS does not hold/,
  ],
  [
    "another record's ciphertext",
    { secrets: [seal('x', 'sources/source000000002/secrets')] },
    /^secrets was encrypted for another record/,
  ],
  [
    "another field's ciphertext",
    { secrets: [seal('x', 'sources/source000000001/url')] },
    /^secrets was encrypted for another/,
  ],
  [
    'ciphertext that is cut off',
    { secrets: [seal('x', 'sources/source000000001/secrets').slice(0, 30)] },
    /^secrets was/,
  ],
  [
    'ciphertext without content',
    { secrets: [seal('x', 'sources/source000000001/secrets').slice(0, 20)] },
    /^secrets was/,
  ],
  ['ciphertext of no form', { secrets: [`enc:v1:${CANARY}`] }, /^secrets was/],
  ['a field that PocketBase could not read', { extract: null, malformed: ['extract'] }, /^extract holds no value/],
  ['a scheme of another version', { verification: CANARY }, /^verification holds a value that this version/],
  [
    'an option of another version',
    { verification_options: { algorithm: CANARY } },
    /^verification_options holds a value/,
  ],
  ['texts for a list', { secrets: CANARY }, /^secrets must be array,null/],
  ['numbers for secrets', { secrets: [5] }, /^secrets must be string/],
  ['a list for a map', { extract: [CANARY] }, /^extract must be object,null/],
  ['a negative limit', { rate_limit: -1 }, /^rate_limit must be >= 0/],
  ['no name', { name: null }, /^name must be string/],
  [
    'nothing but an id',
    Object.fromEntries(Object.keys(aSource({})).map((name) => [name, name === 'id' ? 'x' : undefined])),
    /./,
  ],
])('%s costs that source only', (_what, fields, problem) => {
  const broken = raw(aSource(), fields);
  const { records, unreadable } = readRecords('sources', [broken, raw(aSource({ id: WELL }))], decrypt);
  expect(records.map(({ id }) => id)).toEqual([WELL]);
  expect(unreadable).toEqual([expect.objectContaining({ kind: 'source', problem: expect.stringMatching(problem) })]);
  expect(unreadable[0]?.problem).not.toContain(CANARY);
});

test.each([
  ['url', { type: 'slack', url: 'enc:v1:deadbeef:AAAA' }],
  ['headers', { headers: { a: 'plain', b: 'enc:v1:deadbeef:AAAA' } }],
  ['secrets', { secrets: ['enc:v1:deadbeef:AAAA'] }],
])('a destination whose %s can not be opened is planned for, without a secret in it', (field, fields) => {
  const { records, unreadable } = readRecords('destinations', [raw(aDestination(), fields)], decrypt);
  const sealed = expect.stringMatching(new RegExp(`^${field} is encrypted with the key deadbeef`));
  expect(records).toEqual([expect.objectContaining({ url: '', headers: null, secrets: [], sealed })]);
  expect(unreadable).toEqual([
    expect.objectContaining({ kind: 'destination', id: 'destination0001', problem: sealed }),
  ]);
});

test.each([
  { type: 'carrier-pigeon' },
  { headers: ['x'] },
  { retry_schedule: [1] },
  { timeout_ms: null },
  { paused: 1 },
])('a destination with %j is not planned for', (fields) => {
  const { records, unreadable } = readRecords('destinations', [raw(aDestination(), fields)], decrypt);
  expect([records, unreadable.length]).toEqual([[], 1]);
});

test('an unreadable mapping says between what', () => {
  const { unreadable } = readRecords(
    'mappings',
    [raw(aMapping(), { template: null, malformed: ['template'] })],
    decrypt,
  );
  expect(unreadable).toEqual([
    {
      ...{ kind: 'mapping', id: 'mapping00000001', name: 'shop to receiver', enabled: true },
      ...{ source: 'source000000001', destination: 'destination0001' },
      problem: 'template holds no value of its type: write it anew.',
    },
  ]);
});
