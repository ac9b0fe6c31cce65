import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { type DeliverDeps, deliver } from '../../../api/src/delivery/deliver.ts';
import { createGuard } from '../../../api/src/delivery/guard.ts';
import { createTransport, type Sent, type Transport } from '../../../api/src/delivery/transport/transport.ts';
import { aDestination, aLeasedDelivery } from '../../support/records.ts';
import { type Sink, type SinkOptions, startSink } from '../../support/sink.ts';
import { deliverDeps, NOW, SECRET } from './support.ts';

const signal = new AbortController().signal;

describe('over the network', () => {
  let transport: Transport;
  let sink: Sink;
  beforeEach(() => {
    transport = createTransport(
      createGuard({ allowedNetworks: ['127.0.0.0/8'], allowedPorts: ['1-65535'], allowHttp: true }),
    );
  });
  afterEach(async () => {
    transport.close();
    await sink.close();
  });

  async function deliverTo(
    respond: SinkOptions['respond'],
    { delivery = aLeasedDelivery(), destination = aDestination() } = {},
    deps: Partial<DeliverDeps> = {},
  ) {
    sink = await startSink(respond ? { respond } : {});
    return deliver(delivery, { ...destination, url: `${sink.url}/hook` }, signal, deliverDeps(transport, deps));
  }

  it('a delivery that is taken becomes a settlement', async () => {
    const settlement = await deliverTo((_, response) => response.writeHead(200, { 'x-id': '7' }).end('ok'));
    expect(settlement).toEqual({
      delivery: 'delivery0000001',
      lease_token: 3,
      attempt: {
        id: 'attempt00000001',
        number: 1,
        started_at: '2026-01-31T12:00:00.000Z',
        duration_ms: 0,
        status: 200,
        outcome: 'success',
        error: '',
        response_headers: expect.objectContaining({ 'x-id': '7' }),
        response_body: 'ok',
      },
      next: { state: 'delivered', retry_in_ms: 0, used_try: true },
    });
    expect(sink.requests[0]).toMatchObject({
      method: 'POST',
      url: '/hook',
      body: Buffer.from('{"a":"ä"}'),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Pockethook/1.2.3',
        'x-correlation-id': 'correlation-1',
        'webhook-id': 'delivery0000001',
        'pockethook-hops': '1',
      },
    });
    expect(sink.requests[0]?.headers).not.toHaveProperty('webhook-signature');
    expect(sink.requests[0]?.headers).not.toHaveProperty('traceparent');
  });

  it('what the receiver gives back of our secrets is stored nowhere, cut off at 8 KiB or not', async () => {
    const bearer = 'hush-0123456789-abcdef';
    const destination = aDestination({ secrets: [SECRET], headers: { authorization: `Bearer ${bearer}` } });
    const settlement = await deliverTo(
      (request, response) => {
        const { authorization = '' } = request.headers;
        response.writeHead(302, { location: `https://example.com/?${bearer}`, 'x-echo': authorization });
        const echo = JSON.stringify(request.headers);
        response.end(echo + '.'.repeat(8192 - echo.length - 15) + authorization + '.'.repeat(9000));
      },
      { destination },
    );
    expect(JSON.stringify(settlement)).not.toMatch(/hush|whsec_|MfKQ9r8/);
    expect(settlement.attempt?.response_body).toContain('"authorization":"[redacted]"');
    expect(settlement.attempt?.response_body).toMatch(/"webhook-signature":"v1,\[redacted\]=?"/);
    expect(settlement.attempt?.response_body).toMatch(/\.\[redacted\]$/);
    expect(settlement.attempt?.response_headers).toMatchObject({ 'x-echo': '[redacted]' });
  });

  it.each(['slack', 'telegram', 'discord'] as const)('nor in what the error of %s quotes', async (type) => {
    const token = 'hush-0123456789-abcdef';
    const settlement = await deliverTo(
      (_, response) =>
        response.writeHead(400).end(JSON.stringify({ message: `no ${token}`, description: `no ${token}` })),
      { destination: aDestination({ type, headers: { 'x-token': token } }) },
    );
    expect(settlement.attempt?.error).toContain('no [redacted]');
    expect(JSON.stringify(settlement)).not.toContain('hush');
  });

  it('bytes that are no text arrive as they are', async () => {
    const bytes = Buffer.from([0, 128, 255]);
    const delivery = aLeasedDelivery({ request_body: bytes.toString('base64'), request_body_encoding: 'base64' });
    await deliverTo(undefined, { delivery, destination: aDestination({ secrets: [SECRET] }) });
    expect(sink.requests[0]?.body).toEqual(bytes);
  });

  it('the signature is verified by both reference libraries, with either secret during rotation', async () => {
    const old = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
    const now = Date.now();
    await deliverTo(undefined, { destination: aDestination({ secrets: [SECRET, old] }) }, { now: () => now });
    const [request] = sink.requests;
    const headers = request?.headers as Record<string, string>;
    for (const secret of [SECRET, old]) {
      for (const library of [new StandardWebhook(secret), new SvixWebhook(secret)]) {
        expect(library.verify(String(request?.body), headers)).toEqual({ a: 'ä' });
        expect(() => library.verify('{"a":"b"}', headers)).toThrow('No matching signature');
      }
    }
    expect(() => new StandardWebhook('whsec_AAAA').verify(String(request?.body), headers)).toThrow();
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
  });

  it("the destination's own headers are sent, save those that frame, sign or identify the request", async () => {
    const destination = aDestination({
      secrets: [SECRET],
      headers: {
        Authorization: 'Bearer abc',
        'User-Agent': 'mine',
        Host: 'internal.example',
        'Content-Length': '1',
        'Transfer-Encoding': 'chunked',
        Connection: 'close',
        Expect: '100-continue',
        'Webhook-Id': 'forged',
        'Pockethook-Hops': 'forged',
        'webhook-signature': 'v1,forged',
        'X-Correlation-Id': 'forged',
      },
    });
    const delivery = aLeasedDelivery();
    delivery.event.traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await deliverTo(undefined, { destination, delivery });
    const headers = sink.requests[0]?.headers;
    expect(headers).toMatchObject({
      authorization: 'Bearer abc',
      'user-agent': 'mine',
      host: `127.0.0.1:${sink.port}`,
      'content-length': '10',
      'webhook-id': 'delivery0000001',
      'x-correlation-id': 'correlation-1',
      traceparent: delivery.event.traceparent,
    });
    expect(headers).not.toHaveProperty('expect');
    expect(headers).not.toHaveProperty('transfer-encoding');
    expect(JSON.stringify(headers)).not.toContain('forged');
  });

  const RETRY = { state: 'pending', retry_in_ms: 5_000, used_try: true };
  const DEAD = { state: 'dead', retry_in_ms: 0, used_try: true };
  const waiting = (retry_in_ms: number) => ({ state: 'pending', retry_in_ms, used_try: false });
  const DAY = 86_400_000;

  it.each<[number, Record<string, string>, string, object, RegExp]>([
    [202, {}, 'success', { state: 'delivered' }, /^$/],
    [299, {}, 'success', { state: 'delivered' }, /^$/],
    [300, {}, 'retry', RETRY, /300 Multiple Choices, a redirect\. Redirects are not followed/],
    [
      302,
      { location: 'https://x.example/a?token=s3cret' },
      'retry',
      RETRY,
      /302 Found, a redirect to https:\/\/x\.example\. /,
    ],
    [304, {}, 'retry', RETRY, /redirect/],
    [400, {}, 'retry', RETRY, /^The destination answered 400 Bad Request\.$/],
    [404, {}, 'retry', RETRY, /404 Not Found/],
    [408, {}, 'retry', RETRY, /408/],
    [410, {}, 'gone', { ...DEAD, disable_destination: expect.stringContaining('410 Gone') }, /410 Gone/],
    [425, {}, 'retry', RETRY, /425/],
    [429, {}, 'throttled', waiting(5_000), /429 Too Many Requests: it asks to slow down/],
    [429, { 'retry-after': '30' }, 'throttled', waiting(30_000), /429/],
    [429, { 'retry-after': '0' }, 'throttled', waiting(1_000), /429/],
    [429, { 'retry-after': '99999999' }, 'throttled', waiting(DAY), /429/],
    [429, { 'retry-after': 'Sat, 31 Jan 2026 12:01:00 GMT' }, 'throttled', waiting(60_000), /429/],
    [429, { 'retry-after': 'Sat, 31 Jan 2015 12:01:00 GMT' }, 'throttled', waiting(1_000), /429/],
    [429, { 'retry-after': 'Saturday, 31-Jan-26 12:01:00 GMT' }, 'throttled', waiting(60_000), /429/],
    [429, { 'retry-after': 'Sat Jan 31 12:01:00 2026' }, 'throttled', waiting(60_000), /429/],
    [429, { 'retry-after': 'Sat, 31 Jan 2026 13:01:00 +0100' }, 'throttled', waiting(60_000), /429/],
    [429, { 'retry-after': '2026-01-31T12:01:00Z' }, 'throttled', waiting(60_000), /429/],
    [429, { 'retry-after': '-5' }, 'throttled', waiting(5_000), /429/],
    [429, { 'retry-after': 'try 5 GMT' }, 'throttled', waiting(5_000), /429/],
    [429, { 'retry-after': 'try 5' }, 'throttled', waiting(5_000), /429/],
    [429, { 'retry-after': 'soon' }, 'throttled', waiting(5_000), /429/],
    [500, {}, 'retry', RETRY, /500 Internal Server Error/],
    [500, { 'retry-after': '30' }, 'retry', RETRY, /500/],
    [503, {}, 'retry', RETRY, /503/],
    [503, { 'retry-after': '7' }, 'throttled', waiting(7_000), /503/],
    [599, {}, 'retry', RETRY, /^The destination answered 599\.$/],
  ])('%d %j is %s', async (status, headers, outcome, next, error) => {
    const { attempt, next: became } = await deliverTo((_, response) =>
      response.writeHead(status, headers).end('s3cret'),
    );
    expect(attempt).toMatchObject({ status, outcome, error: expect.stringMatching(error) });
    expect(attempt?.error).not.toContain('s3cret');
    expect(became).toMatchObject(next);
  });

  it.each([400, 401, 403, 404])('a chat destination is not asked again after %d', async (status) => {
    const settlement = await deliverTo(
      (_, response) => response.writeHead(status).end('{"message": "Unknown Webhook", "code": 10015}'),
      { destination: aDestination({ type: 'discord' }) },
    );
    expect(settlement).toMatchObject({
      attempt: { status, outcome: 'permanent', error: expect.stringContaining('Unknown Webhook') },
      next: DEAD,
    });
  });

  it("Discord's own pause is waited for, to the millisecond or clamped", async () => {
    const settlement = await deliverTo(
      (_, response) => response.writeHead(429, { 'retry-after': '65' }).end('{"retry_after": 64.57}'),
      { destination: aDestination({ type: 'discord' }) },
    );
    expect(settlement.next).toEqual(waiting(64_570));
  });

  it("the destination's timeout holds", async () => {
    const settlement = await deliverTo(() => {}, { destination: aDestination({ timeout_ms: 50 }) });
    expect(settlement).toMatchObject({
      attempt: {
        status: 0,
        outcome: 'retry',
        error: 'The destination did not answer in full: no answer within 50 ms.',
      },
      next: RETRY,
    });
  });

  it('an abort gives the lease back without an attempt', async () => {
    const abort = new AbortController();
    sink = await startSink({ respond: () => abort.abort() });
    const destination = aDestination({ url: sink.url });
    expect(await deliver(aLeasedDelivery(), destination, abort.signal, deliverDeps(transport))).toEqual({
      delivery: 'delivery0000001',
      lease_token: 3,
      next: { state: 'pending', retry_in_ms: 0, used_try: false },
    });
  });

  it('an address that the guard refuses ends the delivery, and says which setting allows it', async () => {
    const strict = createTransport(createGuard({ allowedNetworks: [], allowedPorts: ['1-65535'], allowHttp: true }));
    const settlement = await deliverTo(undefined, {}, { transport: strict });
    strict.close();
    expect(settlement).toMatchObject({
      attempt: {
        status: 0,
        outcome: 'blocked',
        error: expect.stringContaining('ALLOWED_PRIVATE_NETWORKS=127.0.0.1/32'),
      },
      next: DEAD,
    });
    expect(sink.requests).toEqual([]);
  });
});

describe('without a network', () => {
  function sending(sent: Sent): DeliverDeps['transport'] & { calls: number } {
    const fake = {
      calls: 0,
      send: async () => {
        fake.calls++;
        return sent;
      },
    };
    return fake;
  }
  const failed = (code: string, message = 'connect to https://x/t0ken'): Sent => ({
    kind: 'failed',
    failure: { code, message },
    answer: undefined,
  });

  it('the inbox takes everything', async () => {
    const transport = sending(failed('UNUSED'));
    const settlement = await deliver(
      aLeasedDelivery(),
      aDestination({ type: 'inbox', url: '' }),
      signal,
      deliverDeps(transport),
    );
    expect(settlement).toMatchObject({
      attempt: { status: 0, outcome: 'success', error: '' },
      next: { state: 'delivered' },
    });
    expect(transport.calls).toBe(0);
  });

  it.each(['http', 'inbox'] as const)('nothing is sent to %s when the time has run out', async (type) => {
    const transport = sending(failed('UNUSED'));
    const settlement = await deliver(
      aLeasedDelivery({ expires_at: NOW }),
      aDestination({ type }),
      signal,
      deliverDeps(transport),
    );
    expect(settlement).toMatchObject({
      attempt: { status: 0, outcome: 'expired', error: expect.stringContaining('ran out') },
      next: { state: 'expired', used_try: false },
    });
    expect(transport.calls).toBe(0);
  });

  const afterHops = (hops: number) => aLeasedDelivery({ event: { ...aLeasedDelivery().event, hops } });

  it('an event that was passed on five times is not sent again', async () => {
    const transport = sending(failed('UNUSED'));
    const settlement = await deliver(afterHops(5), aDestination(), signal, deliverDeps(transport));
    expect(settlement).toMatchObject({
      attempt: {
        status: 0,
        outcome: 'loop',
        error: expect.stringMatching(/^Nothing was sent: .* 5 times .*loop\..*same correlation id\.$/),
      },
      next: { state: 'dead', used_try: false },
    });
    expect(settlement.attempt?.error.length).toBeLessThanOrEqual(300);
    expect(transport.calls).toBe(0);
  });

  it('one that was passed on four times is, and an inbox keeps them all', async () => {
    const transport = sending({ kind: 'answered', answer: { status: 200, headers: {}, body: '' } });
    const inbox = aDestination({ type: 'inbox', url: '' });
    for (const [delivery, destination] of [
      [afterHops(4), aDestination()],
      [afterHops(5), inbox],
    ] as const) {
      const { next } = await deliver(delivery, destination, signal, deliverDeps(transport));
      expect(next.state).toBe('delivered');
    }
    expect(transport.calls).toBe(1);
  });

  it.each([
    ['ENOTFOUND', /host name .* does not exist/],
    ['EAI_AGAIN', /name server/],
    ['ECONNREFUSED', /refused/],
    ['ECONNRESET', /closed before/],
    ['ERR_CONNECT_TIMEOUT', /No connection within 3 s/],
    ['CERT_HAS_EXPIRED', /certificate has expired/],
    ['HPE_INVALID_CONSTANT', /does not speak HTTP \(HPE_INVALID_CONSTANT\)/],
    ['ESOMETHING', /^The request failed \(ESOMETHING\)\.$/],
  ])('%s is tried again, with a sentence and no URL', async (code, sentence) => {
    const settlement = await deliver(aLeasedDelivery(), aDestination(), signal, deliverDeps(sending(failed(code))));
    expect(settlement).toMatchObject({
      attempt: { status: 0, outcome: 'retry', error: expect.stringMatching(sentence) },
      next: { state: 'pending' },
    });
    expect(settlement.attempt?.error).not.toContain('t0ken');
  });

  it('an answer that broke off counts by its status and is kept', async () => {
    const sent: Sent = {
      kind: 'failed',
      failure: { code: 'ECONNRESET', message: '' },
      answer: { status: 200, headers: { a: 'b' }, body: 'ha' },
    };
    const { attempt } = await deliver(aLeasedDelivery(), aDestination(), signal, deliverDeps(sending(sent)));
    expect(attempt).toMatchObject({
      status: 200,
      outcome: 'success',
      error: 'Its status counts, although the answer was cut short (ECONNRESET).',
      response_headers: { a: 'b' },
      response_body: 'ha',
    });
  });

  it('a name that leads inside and one that does not exist are told apart by the operator only', async () => {
    const tried = await Promise.all(
      ['ENOTFOUND', 'ERR_NO_PUBLIC_ADDRESS'].map((code) => {
        return deliver(aLeasedDelivery(), aDestination(), signal, deliverDeps(sending(failed(code))));
      }),
    );
    expect(tried[0]).toEqual(tried[1]);
    expect(tried[0]).toMatchObject({ attempt: { outcome: 'retry' }, next: { state: 'pending' } });
    expect(tried[0]?.attempt?.error).toContain('ALLOWED_PRIVATE_NETWORKS');
  });

  it('error sentences are at most 300 characters', async () => {
    const transport = sending(failed('ERR_BLOCKED_ADDRESS', 'x'.repeat(1000)));
    const { attempt } = await deliver(aLeasedDelivery(), aDestination(), signal, deliverDeps(transport));
    expect(attempt?.error).toHaveLength(300);
  });

  it("the destination's own schedule counts before the default, and a broken one does not", async () => {
    const retryIn = async (retry_schedule: string[] | null) => {
      const transport = sending(failed('ECONNREFUSED'));
      const destination = aDestination({ retry_schedule });
      return (await deliver(aLeasedDelivery({ tries_used: 1 }), destination, signal, deliverDeps(transport))).next;
    };
    expect(await retryIn(['0s', '1s', '2s'])).toMatchObject({ state: 'pending', retry_in_ms: 2_000 });
    expect(await retryIn(['0s', '1s'])).toMatchObject({ state: 'dead' });
    expect(await retryIn(null)).toMatchObject({ retry_in_ms: 300_000 });
    expect(await retryIn(['soon'])).toMatchObject({ retry_in_ms: 300_000 });
  });

  it('the duration is the time between', async () => {
    const times = [NOW, NOW, NOW + 40, NOW + 40, NOW + 40];
    const deps = deliverDeps(sending(failed('EPIPE')), { now: () => times.shift() ?? NOW + 40 });
    const { attempt } = await deliver(aLeasedDelivery({ attempts_made: 4 }), aDestination(), signal, deps);
    expect(attempt).toMatchObject({ number: 5, duration_ms: 40 });
  });
});
