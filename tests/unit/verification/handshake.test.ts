import { handshake } from '../../../api/src/ingest/verification/index.ts';
import type { VerificationScheme } from '../../../api/src/model/configuration.ts';

const SLACK = { token: 't', challenge: '3eZbrw1a', type: 'url_verification' };

it.each<[VerificationScheme, unknown, unknown]>([
  ['slack', SLACK, { status: 200, body: { challenge: '3eZbrw1a' } }],
  ['slack', { ...SLACK, challenge: 5 }, undefined],
  ['slack', { type: 'event_callback', event: {} }, undefined],
  ['slack', null, undefined],
  ['slack', 'text', undefined],
  ['discord', { type: 1, id: '1', token: 't' }, { status: 200, body: { type: 1 } }],
  ['discord', { type: 2, id: '1', data: {} }, undefined],
  ['discord', { version: 1, application_id: '1', type: 0 }, { status: 204, body: {} }],
  ['discord', { version: 1, type: 1, event: { type: 'APPLICATION_AUTHORIZED' } }, undefined],
  ['discord', null, undefined],
  ['none', SLACK, undefined],
  ['none', { type: 1 }, undefined],
  ['github', { zen: 'Design for failure.' }, undefined],
])('%s, %j: %j', (scheme, body, expected) => {
  expect(handshake(scheme, body)).toEqual(expected);
});
