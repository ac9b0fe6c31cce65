import { deliver } from '../../../../api/src/delivery/deliver.ts';
import { createGuard } from '../../../../api/src/delivery/guard.ts';
import { createTransport } from '../../../../api/src/delivery/transport/transport.ts';
import { aDestination, aLeasedDelivery } from '../../../support/records.ts';
import { deliverDeps, type RawServer, startRawServer } from '../support.ts';

const guard = createGuard({ allowedNetworks: ['127.0.0.0/8'], allowedPorts: ['1-65535'], allowHttp: true });
const signal = new AbortController().signal;
const transport = createTransport(guard);
const servers: RawServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => transport.close());

async function aRawServer(...args: Parameters<typeof startRawServer>): Promise<RawServer> {
  const server = await startRawServer(...args);
  servers.push(server);
  return server;
}

/** One attempt at a receiver that sends these parts, one after another, and then closes, if it does. */
async function attemptAt(parts: string[], { closes = true, type = 'http' as const, timeout_ms = 2_000 } = {}) {
  const server = await aRawServer(async (socket) => {
    for (const part of parts) await new Promise((done) => socket.write(part, 'latin1', done));
    if (closes) socket.end();
  });
  const destination = aDestination({ type, url: server.url, timeout_ms });
  const { attempt } = await deliver(aLeasedDelivery(), destination, signal, deliverDeps(transport));
  return attempt;
}

const LENGTH = 'content-length: 2\r\n\r\nok';
const OUTCOMES = {
  200: 'success',
  202: 'success',
  302: 'retry',
  404: 'retry',
  410: 'gone',
  429: 'throttled',
  500: 'retry',
};

/** What comes after `HTTP/1.1 <status> Status`, and the note: '' when our parser has nothing against it. */
const CASES: [what: string, rest: string, note: string | RegExp][] = [
  ['nothing is wrong', `\r\n${LENGTH}`, ''],
  ['no header at all, the body up to the end', '\r\n\r\nok', ''],
  ['the body is longer than its length', `\r\n${LENGTH}ay, and more`, ''],
  ['a body with a length that ends too early', '\r\ncontent-length: 100\r\n\r\nok', /cut short/],
  ['the same, announced', '\r\nconnection: close\r\ncontent-length: 100\r\n\r\nok', /another length/],
  ['a chunk that ends too early', '\r\ntransfer-encoding: chunked\r\n\r\n5\r\nok', /cut short/],
  ['no last chunk', '\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n', /cut short/],
  ['the same, announced', '\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok', /breaks HTTP/],
  [
    'a chunk without a size',
    '\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nok\r\n',
    /breaks HTTP: Invalid character in chunk size/,
  ],
  [
    'chunked, and the length too',
    '\r\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    /breaks HTTP/,
  ],
  [
    'the length, and chunked too',
    '\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    /another length/,
  ],
  ['an unknown transfer coding', '\r\ntransfer-encoding: identity\r\n\r\nok', ''],
  ['the length twice', `\r\ncontent-length: 2\r\n${LENGTH}`, /another length/],
  ['the length as a list', '\r\ncontent-length: 2, 2\r\n\r\nok', /another length/],
  ['two different lengths', `\r\ncontent-length: 3\r\n${LENGTH}`, /another length/],
  ['a length that is no number', '\r\ncontent-length: abc\r\n\r\nok', /breaks HTTP/],
  ['a negative length', '\r\ncontent-length: -1\r\n\r\nok', /breaks HTTP/],
  ['a length beyond all bounds', '\r\ncontent-length: 99999999999999999999999\r\n\r\nok', /another length/],
  ['lines end in LF only', '\ncontent-length: 2\n\nok', /breaks HTTP/],
  ['some lines end in LF only', '\r\nx-a: b\ncontent-length: 2\r\n\r\nok', /breaks HTTP/],
  ['20 KB of headers', `\r\n${`x-a: ${'y'.repeat(2_000)}\r\n`.repeat(10)}${LENGTH}`, ''],
  ['100 KB of headers', `\r\n${`x-a: ${'y'.repeat(2_000)}\r\n`.repeat(50)}${LENGTH}`, /64 KiB of headers/],
  ['one header of 100 KB', `\r\nx-a: ${'y'.repeat(100_000)}\r\n${LENGTH}`, /64 KiB of headers/],
  ['a space in a header name', `\r\nx a: b\r\n${LENGTH}`, /breaks HTTP/],
  ['a space before the colon', `\r\nx-a : b\r\n${LENGTH}`, /breaks HTTP/],
  ['an empty header name', `\r\n: b\r\n${LENGTH}`, /breaks HTTP/],
  ['a header without a colon', `\r\nnonsense\r\n${LENGTH}`, /breaks HTTP/],
  ['a control character in a header', `\r\nx-a: b\x01c\r\n${LENGTH}`, /breaks HTTP/],
  ['a NUL in a header', `\r\nx-a: b\0c\r\n${LENGTH}`, /breaks HTTP/],
  ['a lonely CR in a header', `\r\nx-a: b\rc\r\n${LENGTH}`, /breaks HTTP/],
  ['bytes beyond ASCII in a header', `\r\nx-a: b\xe4\xff\r\n${LENGTH}`, ''],
  ['bytes beyond ASCII in a header name', `\r\nx-\xe4: b\r\n${LENGTH}`, /breaks HTTP/],
  ['a header that goes on in the next line', `\r\nx-a: b\r\n c\r\n${LENGTH}`, /breaks HTTP/],
  ['it ends after the status line', '\r\n', /cut short/],
  ['it ends within the status line', '', /cut short/],
  ['it ends in the headers', '\r\nx-a', /cut short/],
  ['an offer to speak HTTP/2', `\r\nUpgrade: h2,h2c\r\nConnection: Upgrade, Keep-Alive\r\n${LENGTH}`, ''],
  ['a header called __proto__', `\r\n__proto__: x\r\n${LENGTH}`, ''],
];

describe.each(Object.entries(OUTCOMES))('%s is %s', (status, outcome) => {
  it.each(CASES)('when %s', async (_, rest, note) => {
    const attempt = await attemptAt([`HTTP/1.1 ${status} Status${rest}`]);
    expect(attempt).toMatchObject({ status: Number(status), outcome });
    if (note) expect(attempt?.error).toMatch(note);
    else expect(attempt?.error).not.toContain('Its status counts');
  });
});

describe('a success', () => {
  it.each<[what: string, bytes: string, status: number]>([
    ['a 204 that has a length and a body', `HTTP/1.1 204 No Content\r\n${LENGTH}`, 204],
    ['a 204 that has a body without a length', 'HTTP/1.1 204 No Content\r\n\r\n{"ok":true}', 204],
    ['a 204 that is chunked', 'HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', 204],
    ['a 205 that has a body', `HTTP/1.1 205 Reset\r\n${LENGTH}`, 205],
    ['no reason', `HTTP/1.1 200\r\n${LENGTH}`, 200],
    ['no reason, but its space', `HTTP/1.1 200 \r\n${LENGTH}`, 200],
    ['a reason of strange bytes', `HTTP/1.1 200 \xe4\x01\r\n${LENGTH}`, 200],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nok', 200],
    ['HTTP/2', `HTTP/2 200 OK\r\n${LENGTH}`, 200],
    ['HTTP/1.2', `HTTP/1.2 200 OK\r\n${LENGTH}`, 200],
    ['two spaces in the status line', `HTTP/1.1  200 OK\r\n${LENGTH}`, 200],
    ['small letters', `http/1.1 200 ok\r\n${LENGTH}`, 200],
    ['empty lines before it', `\r\n\r\nHTTP/1.1 200 OK\r\n${LENGTH}`, 200],
    ['white space before it', ` HTTP/1.1 200 OK\r\n${LENGTH}`, 200],
    ['a status that nobody has defined', `HTTP/1.1 299 Odd\r\n${LENGTH}`, 299],
    ['100 Continue before it', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n${LENGTH}`, 200],
    ['100 Continue with LF before it', `HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\r\n${LENGTH}`, 200],
    [
      '100 Continue with headers before it, twice',
      `${'HTTP/1.1 100 Continue\r\nx: y\r\n\r\n'.repeat(2)}HTTP/1.1 200 OK\r\n${LENGTH}`,
      200,
    ],
    [
      '102 and 103 before it',
      `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\n${LENGTH}`,
      200,
    ],
    ['103 before it, and a broken head', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\nx', 200],
    ['100 before it, and a broken head', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\nx', 200],
  ])('is one with %s, in one piece or byte by byte', async (_, bytes, status) => {
    expect(await attemptAt([bytes])).toMatchObject({ status, outcome: 'success' });
    expect(await attemptAt([...bytes])).toMatchObject({ status, outcome: 'success' });
  });

  it('is one though its body never ends', async () => {
    const attempt = await attemptAt(['HTTP/1.1 200 OK\r\n\r\nok'], { closes: false, timeout_ms: 100 });
    const error = 'Its status counts, although the answer did not end in time.';
    expect(attempt).toMatchObject({ status: 200, outcome: 'success', error, response_body: 'ok' });
  });

  it('is one though its headers never end', async () => {
    const attempt = await attemptAt(['HTTP/1.1 200 OK\r\nx-a: b\r\n'], { closes: false, timeout_ms: 100 });
    expect(attempt).toMatchObject({ status: 200, outcome: 'success', response_headers: { 'x-a': 'b' } });
  });

  it('is one though this service stops while its body comes in', async () => {
    const abort = new AbortController();
    const server = await aRawServer((socket) => socket.write('HTTP/1.1 200 OK\r\nx-a: b\r\n\r\nhalf'));
    const { send } = transport;
    const sent = send({ url: server.url, headers: {}, body: Buffer.from('{}'), timeoutMs: 5_000 }, abort.signal);
    // The answer has left the server; one round over the same loop brings it in.
    const probe = send({ url: server.url, headers: {}, body: Buffer.from('{}'), timeoutMs: 200 }, signal);
    await probe;
    abort.abort();
    expect(await sent).toMatchObject({
      kind: 'failed',
      failure: { code: 'ERR_ABORTED' },
      answer: { status: 200, body: 'half' },
    });
  });
});

describe('no answer', () => {
  it.each([
    ['nothing', ''],
    ['an interim answer only', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['another interim answer only', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['half a status', 'HTTP/1.1 20'],
    ['half a line that could be "100 Continue"', 'HTTP/1.1 1'],
    ['four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['no digits', 'HTTP/1.1 abc OK\r\n\r\n'],
    ['another protocol', '220 mail.example ESMTP\r\n'],
    ['another protocol that mentions HTTP', 'SSH-2.0-x\r\nHTTP/1.1 200 OK\r\n\r\n'],
    ['TLS', '\x15\x03\x01\x00\x02\x02\x46'],
  ])('is %s', async (_, bytes) => {
    expect(await attemptAt([bytes])).toMatchObject({ status: 0, outcome: 'retry' });
  });

  it('is the answer to a request that nobody made: what follows a whole answer is not taken for the next one', async () => {
    const early = `HTTP/1.1 500 Forged\r\n${LENGTH}`;
    const server = await aRawServer((socket) => socket.write(`HTTP/1.1 200 OK\r\n${LENGTH}${early}`));
    const destination = aDestination({ url: server.url });
    for (let i = 0; i < 3; i++) {
      const { attempt } = await deliver(aLeasedDelivery(), destination, signal, deliverDeps(transport));
      expect(attempt).toMatchObject({ status: 200, outcome: 'success' });
    }
    expect(server.sockets).toHaveLength(3);
  });
});

it('the body of a broken answer is read for what a chat service says in it', async () => {
  const bytes = 'HTTP/1.1 429 Slow\ncontent-type: application/json\n\n{"retry_after": 64.57}';
  expect(await attemptAt([bytes], { type: 'discord' as never })).toMatchObject({
    outcome: 'throttled',
    error: expect.stringMatching(
      /^Discord asks to wait 64.57 s .*\. Its status counts, although the answer breaks HTTP/,
    ),
  });
});
