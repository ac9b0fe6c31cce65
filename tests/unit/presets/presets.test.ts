import { parseBody } from '../../../api/src/ingest/body.ts';
import { createContext } from '../../../api/src/ingest/context.ts';
import { createDescribe } from '../../../api/src/ingest/describe.ts';
import { HANDSHAKES } from '../../../api/src/ingest/handshakes/index.ts';
import { headerMap } from '../../../api/src/ingest/headers.ts';
import { createAnswerProducer } from '../../../api/src/ingest/producer-answer.ts';
import { createSplit } from '../../../api/src/ingest/split.ts';
import { storedRequest } from '../../../api/src/ingest/stored-request.ts';
import { createVerify, type SignedRequest } from '../../../api/src/ingest/verification/index.ts';
import { checkRecord } from '../../../api/src/kinds/check-expressions.ts';
import { makeSourceSecret } from '../../../api/src/kinds/make-secret.ts';
import { defaultsOf, fieldsFromPreset, PRESETS } from '../../../api/src/presets/index.ts';
import { TLS_CERTIFICATE } from '../../support/certificate.ts';
import { anEvent, aSource } from '../../support/records.ts';
import { BUSINESS } from './payloads/business.ts';
import { CONTENT } from './payloads/content.ts';
import { DEVELOPMENT } from './payloads/development.ts';
import { MESSAGING, PUBLIC_KEYS } from './payloads/messaging.ts';
import { HEX_SECRET, PAYMENTS } from './payloads/payments.ts';
import { PLATFORMS, TOPIC, WHSEC } from './payloads/platforms.ts';
import { PUBLISHED } from './payloads/published.ts';
import { NOW, SECRET, URL_OF_SOURCE, type VendorRequest, type Vendors } from './payloads/vendor.ts';

const VENDORS: Vendors = { ...DEVELOPMENT, ...PAYMENTS, ...MESSAGING, ...BUSINESS, ...PLATFORMS, ...CONTENT };
const NAMES = [...PRESETS.keys()];

/** Secrets of a form of their own. */
const OTHER_SECRETS: Record<string, string> = { 'aws-sns': TOPIC, adyen: HEX_SECRET, ...PUBLIC_KEYS };

const verify = createVerify(async () => ({ status: 200, body: TLS_CERTIFICATE }));
const describeEvent = createDescribe();
const splitRequest = createSplit();
const answerProducer = createAnswerProducer();

/** A source that was made with nothing but the preset and the vendor's secret. */
function sourceOf(preset: string) {
  const fields = fieldsFromPreset({ preset });
  const usual =
    fields.verification === 'standard-webhooks'
      ? WHSEC
      : fields.verification === 'basic'
        ? `postmark:${SECRET}`
        : SECRET;
  const secret = OTHER_SECRETS[preset] ?? usual;
  return aSource({ preset, ...fields, secrets: fields.verification === 'none' ? [] : ['old:secret', secret] });
}

function requestOf({ headers, query = '', body, sign }: VendorRequest): SignedRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = { 'content-type': 'application/json', ...headers, ...sign?.(text) };
  const publicUrl = URL_OF_SOURCE + query;
  return { method: 'POST', url: `/ingest/x${query}`, publicUrl, headers: all, rawBody: Buffer.from(text) };
}

test('every preset has a payload here', () => {
  expect(Object.keys(VENDORS).sort()).toEqual(NAMES);
  expect(NAMES.length).toBeGreaterThanOrEqual(30);
});

describe.each(NAMES)('%s', (name) => {
  const vendor = VENDORS[name] as VendorRequest;
  const preset = PRESETS.get(name);
  const source = sourceOf(name);
  const request = requestOf(vendor);

  test('what its vendor signs is verified', async () => {
    expect(await verify(source, request, NOW)).toEqual({ verified: true });
  });

  test('what somebody else sends is not, and no secret is needed only where there is none', async () => {
    if (preset?.verification === 'none') return expect(preset.secret).toBe('');
    const others = { ...source, secrets: ['another:secret', WHSEC.replace('M', 'N')] };
    expect(await verify(others, request, NOW)).toMatchObject({ verified: false });
    expect(await verify({ ...source, secrets: [] }, request, NOW)).toMatchObject({ code: 'secret_missing' });
  });

  test('its type, its dedupe key and its fields are found', async () => {
    const { headers, query } = storedRequest(
      source,
      Object.entries(request.headers).flat() as string[],
      vendor.query?.slice(1) ?? '',
    );
    const body = parseBody(request.rawBody, request.headers['content-type'] ?? '');
    const event = anEvent({ type: '', query, extracted: {} });
    const whole = createContext('x', event, headerMap(headers), body.ok ? body.value : null);
    const split = splitRequest(source, whole);
    const items = split && 'items' in split ? split.items : [split?.failure ?? whole.body];
    expect(items).toHaveLength(vendor.events ?? 1);
    const context = createContext('x', event, headerMap(headers), items[0]);
    const { type, dedupe_key, extracted, failure } = await describeEvent(source, context, split ? 1 : 0);
    expect({ type, key: dedupe_key, data: extracted, failure }).toEqual({
      type: vendor.type,
      key: vendor.key,
      data: vendor.data,
      failure: undefined,
    });
    expect(answerProducer(source, context)?.failure).toBeUndefined();
    expect(JSON.stringify([headers, query])).not.toContain(SECRET);
  });

  test('it can be saved, links to its documentation, and its secret is made where that is ours to do', () => {
    const { event_type, dedupe_key, split, extract, answer, handshake } = defaultsOf(source);
    const fields: Record<string, string> = {
      event_type,
      dedupe_key,
      split,
      extract: JSON.stringify(extract),
      answer: JSON.stringify(answer ?? null),
    };
    expect(checkRecord('sources', (field) => fields[field] ?? '')).toEqual({});
    expect(preset?.docs).toMatch(/^https:\/\/[a-z0-9.-]+\/?/);
    expect(handshake === undefined || handshake in HANDSHAKES).toBe(true);
    const made = makeSourceSecret(source, (size) => new Uint8Array(size));
    expect(made !== undefined).toBe(preset?.secret_by === 'us');
  });
});

describe('the signed example that its vendor publishes', () => {
  test.each(PUBLISHED.map((example) => [example.preset, example.from, example] as const))(
    '%s: %s',
    async (preset, _, { secret, headers, body, url = URL_OF_SOURCE, at, other = [body, `${body} `] }) => {
      const source = aSource({ preset, ...fieldsFromPreset({ preset }), secrets: [secret] });
      const signed = requestOf({ headers, body, type: '', key: '', data: {} });
      const request = { ...signed, publicUrl: url };
      expect(await verify(source, request, at ?? NOW)).toEqual({ verified: true });
      const changed = { ...request, rawBody: Buffer.from(body.replace(...other)) };
      expect(await verify(source, changed, at ?? NOW)).toMatchObject({ code: 'signature_mismatch' });
      const late = at === undefined ? { verified: true } : { code: 'timestamp_out_of_tolerance' };
      expect(await verify(source, request, (at ?? NOW) + 3_600_000)).toMatchObject(late);
    },
  );
});

describe('what a source gets from its preset', () => {
  test.each([
    [{}, {}],
    [{ preset: '' }, {}],
    [{ preset: 'nobody' }, {}],
    [{ preset: 'constructor' }, {}],
    [{ preset: 'stripe' }, { verification: 'stripe', verification_options: null }],
    [
      { preset: 'bitbucket' },
      { verification: 'hmac', verification_options: { header: 'x-hub-signature', prefix: 'sha256=' } },
    ],
    [
      { preset: 'bitbucket', verification: 'none' as const },
      { verification: 'none', verification_options: null },
    ],
    [
      { preset: 'trello', verification_options: { header: 'x' } },
      { verification: 'hmac', verification_options: { header: 'x' } },
    ],
  ])('%j: %j', (given, expected) => {
    expect(fieldsFromPreset(given)).toEqual(expected);
  });
});
