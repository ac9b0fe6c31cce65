import { createHmac } from 'node:crypto';
import { answerHandshake, HANDSHAKES } from '../../../api/src/ingest/handshakes/index.ts';
import type { Source, VerificationScheme } from '../../../api/src/model/configuration.ts';
import { fieldsFromPreset, type HandshakeName, PRESETS } from '../../../api/src/presets/index.ts';
import { aSource } from '../../support/records.ts';

const SLACK = { token: 't', challenge: '3eZbrw1a', type: 'url_verification' };
const CONFIRM = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37';
const mac = (text: string, encoding: 'hex' | 'base64') => createHmac('sha256', 's3cret').update(text).digest(encoding);

interface Asked {
  method?: string;
  query?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

function answer(name: HandshakeName, { method = 'POST', query = '', headers = {}, body = null }: Asked) {
  const preset = [...PRESETS].find(([, { handshake }]) => handshake === name)?.[0] as string;
  const source = aSource({ preset, ...fieldsFromPreset({ preset }), secrets: ['s3cret', 'old'] });
  const { verified } = HANDSHAKES[name];
  const other = answerHandshake(
    source,
    { verified: !verified },
    { method, url: `/ingest/x${query}`, headers },
    () => body,
  );
  expect(other).toBeUndefined();
  return answerHandshake(source, { verified }, { method, url: `/ingest/x${query}`, headers }, () => body);
}

const GET = { method: 'GET' };
const crc = (token: string) => ({ ...GET, query: `?crc_token=${encodeURIComponent(token)}` });

/** As the vendors' documentation shows them (the `docs` of each handshake), and what looks like them and is none. */
it.each<[HandshakeName, Asked, unknown]>([
  [
    'hub-challenge',
    { ...GET, query: '?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meatyhamhock' },
    { status: 200, body: '1158201444' },
  ],
  ['hub-challenge', { ...GET, query: '?hub.mode=subscribe' }, undefined],
  ['hub-challenge', { query: '?hub.challenge=1' }, undefined],
  ['hub-challenge', { ...GET, query: `?hub.challenge=${'x'.repeat(4097)}` }, undefined],
  ['hub-challenge', { ...GET, query: '?hub.challenge=a%0d%0ab' }, undefined],
  [
    'hub-challenge-json',
    { ...GET, query: '?hub.verify_token=STRAVA&hub.challenge=15f7d1a91c1f40f8a748fd134752feb3&hub.mode=subscribe' },
    { status: 200, body: { 'hub.challenge': '15f7d1a91c1f40f8a748fd134752feb3' } },
  ],
  ['query-challenge', { ...GET, query: '?challenge=a%20b' }, { status: 200, body: 'a b' }],
  ['query-challenge', GET, undefined],
  ['crc', crc('NDk5ZjI3'), { status: 200, body: { response_token: `sha256=${mac('NDk5ZjI3', 'base64')}` } }],
  ['crc', crc('{"tweet_create_events":[]}'), undefined],
  ['crc', crc('12345'), undefined],
  ['crc', crc('-1e5'), undefined],
  ['crc', crc('true'), undefined],
  ['crc', crc('a b'), undefined],
  ['crc', crc(''), undefined],
  [
    'okta',
    { ...GET, headers: { 'x-okta-verification-challenge': 'my verification challenge' } },
    { status: 200, body: { verification: 'my verification challenge' } },
  ],
  ['okta', GET, undefined],
  ['probe', { method: 'HEAD' }, { status: 200 }],
  ['probe', GET, { status: 200 }],
  ['probe', {}, undefined],
  [
    'cloudevents',
    { method: 'OPTIONS', headers: { 'webhook-request-origin': 'eventemitter.example.com' } },
    { status: 200, headers: { 'WebHook-Allowed-Origin': 'eventemitter.example.com' } },
  ],
  [
    'cloudevents',
    { method: 'OPTIONS', headers: { 'webhook-request-origin': 'a.example', 'webhook-request-rate': '120' } },
    { status: 200, headers: { 'WebHook-Allowed-Origin': 'a.example', 'WebHook-Allowed-Rate': '*' } },
  ],
  ['cloudevents', { method: 'OPTIONS', headers: { origin: 'https://a.example' } }, undefined],
  [
    'validation-token',
    { query: '?validationToken=Validation%3A+Testing+client' },
    { status: 200, body: 'Validation: Testing client' },
  ],
  ['validation-token', { body: { value: [] } }, undefined],
  [
    'validation-header',
    { headers: { 'validation-token': 'f5e0' } },
    { status: 200, headers: { 'Validation-Token': 'f5e0' } },
  ],
  [
    'validation-header',
    { headers: { 'validation-token': 'f5e0', 'content-length': '0' } },
    { status: 200, headers: { 'Validation-Token': 'f5e0' } },
  ],
  ['validation-header', { body: { uuid: '1' } }, undefined],
  ['validation-header', { headers: { 'validation-token': 'f5e0', 'content-length': '12' } }, undefined],
  ['validation-header', { headers: { 'validation-token': 'f5e0', 'transfer-encoding': 'chunked' } }, undefined],
  // Only what a header can hold goes back in one.
  ['validation-header', { headers: { 'validation-token': 'f5€0' } }, undefined],
  ['cloudevents', { method: 'OPTIONS', headers: { 'webhook-request-origin': 'é.example' } }, undefined],
  ['smartsheet', { body: { challenge: '8206…' } }, undefined],
  ['body-challenge', { body: { challenge: '3eZbrw1aBm2rZ' } }, { status: 200, body: { challenge: '3eZbrw1aBm2rZ' } }],
  ['body-challenge', { body: { challenge: 'x', event: {} } }, undefined],
  ['body-challenge', { body: { event: {} } }, undefined],
  ['body-challenge', { body: ['challenge'] }, undefined],
  ['woocommerce-ping', { body: { webhook_id: '12' } }, { status: 200 }],
  ['woocommerce-ping', { body: { webhook_id: '12', id: 1 } }, undefined],
  ['woocommerce-ping', { body: { id: 1 } }, undefined],
  ['woocommerce-ping', { ...GET, query: '?webhook_id=12' }, undefined],
  [
    'smartsheet',
    { headers: { 'smartsheet-hook-challenge': '8206' }, body: { challenge: '8206', webhookId: 1 } },
    { status: 200, headers: { 'Smartsheet-Hook-Response': '8206' }, body: { smartsheetHookResponse: '8206' } },
  ],
  ['smartsheet', { body: { events: [] } }, undefined],
  ['slack', { body: SLACK }, { status: 200, body: { challenge: '3eZbrw1a' } }],
  ['slack', { body: { ...SLACK, challenge: 5 } }, undefined],
  ['slack', { body: { type: 'event_callback', event: {} } }, undefined],
  ['slack', { body: null }, undefined],
  ['slack', { body: 'text' }, undefined],
  ['discord', { body: { type: 1, id: '1', token: 't' } }, { status: 200, body: { type: 1 } }],
  ['discord', { body: { type: 2, id: '1', data: {} } }, undefined],
  ['discord', { body: { version: 1, application_id: '1', type: 0 } }, { status: 204 }],
  ['discord', { body: { version: 1, type: 1, event: { type: 'APPLICATION_AUTHORIZED' } } }, undefined],
  ['discord', { body: null }, undefined],
  [
    'zoom',
    {
      body: {
        event: 'endpoint.url_validation',
        event_ts: 1654503849680,
        payload: { plainToken: 'qgg8vlvZRS6UYooatFL8Aw' },
      },
    },
    {
      status: 200,
      body: { plainToken: 'qgg8vlvZRS6UYooatFL8Aw', encryptedToken: mac('qgg8vlvZRS6UYooatFL8Aw', 'hex') },
    },
  ],
  ['zoom', { body: { event: 'meeting.started', payload: { plainToken: 'x' } } }, undefined],
  [
    'twitch',
    {
      headers: { 'twitch-eventsub-message-type': 'webhook_callback_verification' },
      body: { challenge: 'pogchamp-kappa-360noscope-vohiyo', subscription: {} },
    },
    { status: 200, body: 'pogchamp-kappa-360noscope-vohiyo' },
  ],
  ['twitch', { headers: { 'twitch-eventsub-message-type': 'notification' }, body: { challenge: 'x' } }, undefined],
  [
    'event-grid',
    {
      headers: { 'aeg-event-type': 'SubscriptionValidation' },
      body: [{ data: { validationCode: '512d38b6' }, eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent' }],
    },
    { status: 200, body: { validationResponse: '512d38b6' } },
  ],
  [
    'event-grid',
    { headers: { 'aeg-event-type': 'Notification' }, body: [{ data: { validationCode: 'x' } }] },
    undefined,
  ],
  [
    'empty-events',
    { body: { events: [], firstEventSequence: 0, lastEventSequence: 0, entropy: 'S' } },
    { status: 200 },
  ],
  ['empty-events', { body: { events: [{ type: 'message' }] } }, undefined],
  ['empty-events', { body: {} }, undefined],
  [
    'sns-subscription',
    { body: { Type: 'SubscriptionConfirmation', SubscribeURL: CONFIRM } },
    { status: 200, confirm: CONFIRM },
  ],
  ['sns-subscription', { body: { Type: 'Notification', SubscribeURL: CONFIRM } }, undefined],
  [
    'sns-subscription',
    { body: { Type: 'SubscriptionConfirmation', SubscribeURL: 'https://evil.example/?x=sns.eu-west-1.amazonaws.com' } },
    undefined,
  ],
  [
    'sns-subscription',
    { body: { Type: 'SubscriptionConfirmation', SubscribeURL: CONFIRM.replace('.com/', '.com@evil.example/') } },
    undefined,
  ],
])('%s, %j: %j', (name, asked, expected) => {
  expect(answer(name, asked)).toEqual(expected);
});

it('every handshake belongs to a preset, and links to what its vendor says', () => {
  const used = new Set([...PRESETS.values()].map(({ handshake }) => handshake).filter(Boolean));
  expect([...used].sort()).toEqual(Object.keys(HANDSHAKES).sort());
  for (const { docs } of Object.values(HANDSHAKES)) expect(docs).toMatch(/^https:\/\//);
});

it.each<[VerificationScheme, unknown]>([
  ['none', SLACK],
  ['none', { type: 1 }],
  ['github', { zen: 'Design for failure.' }],
])('%s has none: %j', (verification, body) => {
  const asked = { method: 'POST', url: '/ingest/x?hub.challenge=1', headers: {} };
  for (const verified of [true, false])
    expect(answerHandshake(aSource({ verification }), { verified }, asked, () => body)).toBeUndefined();
});

describe('a handshake that brings the secret', () => {
  const SENT = 'b537207f20cbfa02357cf448134da559';
  const from = (place: string, secrets: string[] = [], more: Partial<Source> = {}) =>
    aSource({
      verification: 'hmac',
      verification_options: { header: 'x-signature', secret_from: place },
      secrets,
      ...more,
    });
  const HEADER = { 'x-hook-secret': SENT };
  const IN_HEADER = { status: 200, headers: { 'X-Hook-Secret': SENT }, secret: { text: SENT, echoed: true } };
  const IN_BODY = { status: 200, secret: { text: SENT, echoed: false } };
  const signed = { 'x-signature': 'aa' };

  it.each<[string, Source, Asked, unknown]>([
    ['in a header, it goes back', from('headers.X-Hook-Secret'), { headers: HEADER }, IN_HEADER],
    ['the same one again', from('headers.X-Hook-Secret', [SENT]), { headers: HEADER }, IN_HEADER],
    ['another one, which is refused later', from('headers.X-Hook-Secret', ['old']), { headers: HEADER }, IN_HEADER],
    ['in the body', from('body.a.token'), { body: { a: { token: SENT } } }, IN_BODY],
    ['signed, to a source that has none', from('body.t'), { body: { t: SENT }, headers: signed }, IN_BODY],
    ['signed, and another: an event', from('body.t', ['old']), { body: { t: SENT }, headers: signed }, undefined],
    ['no secret', from('headers.X-Hook-Secret'), { body: { t: SENT } }, undefined],
    ['too short', from('body.t'), { body: { t: 'short' } }, undefined],
    ['with white space', from('body.t'), { body: { t: `${SENT} ` } }, undefined],
    ['with a line break', from('body.t'), { body: { t: `${SENT}\n` } }, undefined],
    ['beyond ASCII', from('headers.X-Hook-Secret'), { headers: { 'x-hook-secret': `${SENT}€` } }, undefined],
    ['too long', from('body.t'), { body: { t: 'x'.repeat(2001) } }, undefined],
    ['no text', from('body.t'), { body: { t: { x: SENT } } }, undefined],
    ['another scheme', from('body.t', [], { verification: 'none' }), { body: { t: SENT } }, undefined],
    ['a preset alone', aSource({ preset: 'asana', verification: 'hmac' }), { headers: HEADER }, undefined],
    ['by GET', from('headers.X-Hook-Secret'), { ...GET, headers: HEADER }, undefined],
  ])('%s', (_what, source, { method = 'POST', headers = {}, body = null }, expected) => {
    const asked = { method, url: '/ingest/x', headers };
    expect(answerHandshake(source, { verified: false }, asked, () => body)).toEqual(expected);
  });
});
