import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver } from '../../../api/src/delivery/deliver.ts';
import { fillDestination } from '../../../api/src/delivery/fill.ts';
import { createGuard } from '../../../api/src/delivery/guard.ts';
import { createTransport } from '../../../api/src/delivery/transport/transport.ts';
import { makeCompileBudget } from '../../../api/src/expressions/index.ts';
import { checkRequestHeaders, checkRequestUrl } from '../../../api/src/expressions/record-fields.ts';
import type { Destination } from '../../../api/src/model/configuration.ts';
import type { PlannedDelivery } from '../../../api/src/model/delivery.ts';
import { aDestination, aLeasedDelivery } from '../../support/records.ts';
import { contextOf } from '../expressions/context.ts';
import { openRules } from '../ingest/open-rules.ts';
import { deliverDeps } from './support.ts';

/** Plans an event with this body for the destination, and fills it in. */
async function fill(fields: Partial<Destination>, body: unknown) {
  const { planner, configuration, source } = await openRules({ destinations: [fields] });
  const [planned] = await planner.planAll(configuration.current.routesOf(source), contextOf(body), undefined);
  if (!planned?.delivery) return planned?.decision;
  return fillDestination(planned.delivery, aDestination(fields));
}

describe('values in the path and the query of a URL are percent-encoded', () => {
  test.each<[string, unknown, string]>([
    ['https://a.example/{{ body.repo }}/x', { repo: 'one' }, 'https://a.example/one/x'],
    ['https://a.example/{{ body.repo }}', { repo: 'a/b c?d#e' }, 'https://a.example/a%2Fb%20c%3Fd%23e'],
    ['https://a.example/?q={{ body.q }}&r=1', { q: 'ü&x=1+2' }, 'https://a.example/?q=%C3%BC%26x%3D1%2B2&r=1'],
    ['https://a.example/v{{ body.n }}/{{body.n}}', { n: 7 }, 'https://a.example/v7/7'],
    ['https://a.example/{{ body.list }}', { list: [1, 'a'] }, 'https://a.example/%5B1%2C%22a%22%5D'],
    ['https://a.example/x{{ body.none }}', { none: null }, 'https://a.example/x'],
    ['https://a.example/{{ "}}" + body.a }}', { a: '1' }, 'https://a.example/%7D%7D1'],
    ['https://a.example/{{ body.at }}', { at: '@evil.example' }, 'https://a.example/%40evil.example'],
    ['https://a.example/{{ body.at }}', { at: '\\\\evil.example\r\nx' }, 'https://a.example/%5C%5Cevil.example%0D%0Ax'],
    ['https://a.example/{{ event.type }}', {}, 'https://a.example/issues.opened'],
  ])('%s with %j', async (url, body, expected) => {
    expect(await fill({ url }, body)).toMatchObject({ url: expected });
    expect(new URL(expected).host).toBe('a.example');
  });

  test.each(['.', '..'])('%s would lead to another path: nothing is sent', async (a) => {
    expect(await fill({ url: 'https://a.example/x/{{ body.a }}/y' }, { a })).toEqual({
      error: expect.stringContaining('lead elsewhere'),
    });
    expect(await fill({ url: 'https://a.example/x?y={{ body.a }}' }, { a })).toMatchObject({
      url: `https://a.example/x?y=${a}`,
    });
  });
});

describe('values in headers', () => {
  test.each<[string, unknown, string]>([
    ['{{ body.title }}', { title: 'Grüße 🎉' }, 'Grüße 🎉'],
    ['Bearer {{ body.token }}', { token: 'abc' }, 'Bearer abc'],
    ['{{ body.title }}', { title: 'a\r\nX-Evil: 1\0\x85b' }, 'a X-Evil: 1 b'],
    ['{{ body.n }} of {{ body.n + 1 }}', { n: 1 }, '1 of 2'],
    ['plain', {}, 'plain'],
  ])('%s with %j', async (value, body, expected) => {
    expect(await fill({ headers: { 'x-title': value } }, body)).toMatchObject({ headers: { 'x-title': expected } });
  });
});

test('a key that the event lacks is the decision error, as in a template', async () => {
  expect(await fill({ url: 'https://a.example/{{ body.missing }}' }, {})).toMatchObject({
    outcome: 'error',
    where: 'destination',
    message: expect.stringContaining('missing'),
  });
});

test('retries send the same, whatever becomes of the rest of the URL', async () => {
  const url = 'https://a.example/{{ body.id }}';
  const { planner, configuration, source } = await openRules({ destinations: [{ url }] });
  const [planned] = await planner.planAll(configuration.current.routesOf(source), contextOf({ id: 7 }), undefined);
  const delivery: Pick<PlannedDelivery, 'request_values'> = planned?.delivery ?? {};
  expect(delivery.request_values).toEqual({ 'body.id': '7' });
  expect(fillDestination(delivery, aDestination({ url: 'https://b.example/v2/{{ body.id }}?x' }))).toMatchObject({
    url: 'https://b.example/v2/7?x',
  });
  expect(fillDestination(delivery, aDestination({ url: 'https://b.example/v2' }))).toMatchObject({
    url: 'https://b.example/v2',
  });
  expect(fillDestination(delivery, aDestination({ url: 'https://a.example/{{ body.name }}' }))).toEqual({
    error: expect.stringContaining('Replay the event'),
  });
  expect(fillDestination({ request_values: null }, aDestination({ url }))).toEqual({ error: expect.any(String) });
});

test('a destination without expressions is left as it is, and costs a delivery nothing', async () => {
  const plain = aDestination({ headers: { a: 'b' } });
  expect(fillDestination({ request_values: null }, plain)).toBe(plain);
  const { planner, configuration, source } = await openRules({});
  const [planned] = await planner.planAll(configuration.current.routesOf(source), contextOf({}), undefined);
  expect(planned?.delivery).not.toHaveProperty('request_values');
});

describe('refused when it is saved', () => {
  const url = (text: string) => checkRequestUrl(text, makeCompileBudget());
  const headers = (value: object) => checkRequestHeaders(JSON.stringify(value), makeCompileBudget());

  test.each([
    ['https://{{ body.host }}/x', 'never in the host'],
    ['https://a.{{ body.host }}', 'never in the host'],
    ['{{ body.url }}', 'expressions may stand'],
    ['https://a.example/{{ body. }}', 'Expected a name'],
    ['https://a.example/{{ body.a', 'without }}'],
    ['https://a.example/{{ nothing }}', 'nothing'],
  ])('%s', (text, message) => expect(url(text)?.toLowerCase()).toContain(message.toLowerCase()));

  test('in headers, with the name', () => {
    expect(headers({ 'x-a': '{{ body. }}' })).toContain('In "x-a"');
    expect(headers({ 'x-{{ body.a }}': '1' })).toContain('name of a header');
  });

  test('what is fine is not refused', () => {
    expect(url('https://a.example/{{ body.a }}?b={{ data.b }}')).toBeUndefined();
    expect(url('')).toBeUndefined();
    expect(headers({ a: 'b', c: '{{ body.c }}' })).toBeUndefined();
    expect(checkRequestHeaders('null', makeCompileBudget())).toBeUndefined();
  });
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE', ''] as const)('the method %s goes out, with the body', async (method) => {
  const seen: [string | undefined, string | undefined, string][] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push([request.method, request.url, body]);
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/{{ body.id }}`;
  const guard = createGuard({ allowHttp: true, allowedNetworks: ['127.0.0.0/8'], allowedPorts: ['1-65535'] });
  const transport = createTransport(guard);
  const delivery = aLeasedDelivery({ request_body: '{}', request_values: { 'body.id': 'a b' } });
  const destination = aDestination({ url, method });
  await deliver(delivery, destination, new AbortController().signal, deliverDeps(transport));
  transport.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  expect(seen).toEqual([[method || 'POST', '/a%20b', '{}']]);
});
