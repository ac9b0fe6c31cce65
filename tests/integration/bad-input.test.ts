import { once } from 'node:events';
import net from 'node:net';
import fc from 'fast-check';
import { PROBLEMS } from '../../api/src/model/problems.ts';
import { describeWithServices } from '../support/services.ts';
import { type Answer, send, sendBytes } from './request.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** Traces of the inside: stack frames, paths of this machine, modules, SQL. */
const INSIDE =
  /\n\s+at |node:internal|node_modules|\/work\/|\/tmp\/|\/home\/|\.ts:\d|\.go:\d|sqlite|TypeError|SyntaxError/i;
const RUNS = { numRuns: 150, seed: 20261123, endOnFailure: true };

function expectSane({ status, headers, text }: Answer): void {
  expect(text).not.toMatch(INSIDE);
  expect([200, 201, 202, 204, 400, 401, 403, 404, 405, 409, 413, 415, 429, 431]).toContain(status);
  expect(headers['x-correlation-id']).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  if (status < 400) return;
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const problem = JSON.parse(text);
  expect(Object.keys(PROBLEMS)).toContain(problem.code);
  expect(problem).toMatchObject({
    status,
    title: expect.any(String),
    detail: expect.stringMatching(/.{15}/),
    correlation_id: headers['x-correlation-id'],
  });
}

/** The answers on one connection, one after the other. */
function readAnswers(received: string): Answer[] {
  const answers: Answer[] = [];
  let rest = received;
  while (rest !== '') {
    const [head = '', ...more] = rest.split('\r\n\r\n');
    const [line = '', ...fields] = head.split('\r\n');
    const headers = Object.fromEntries(
      fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 2)]),
    );
    const body = more.join('\r\n\r\n');
    const length = Number(headers['content-length'] ?? 0);
    answers.push({ status: Number(line.split(' ')[1]), headers, text: body.slice(0, length) });
    rest = body.slice(length);
  }
  return answers;
}

describeWithServices('bad input', () => {
  let workspace: Workspace;
  let source: string;
  let port: number;
  let token: string;
  let ids: Record<string, string>;

  beforeAll(async () => {
    workspace = await openWorkspace();
    const route = await workspace.route({
      source: { extract: { all: 'body', headers: 'headers', query: 'query' } },
      destination: { type: 'inbox' },
      mapping: { template: { body: '{{ body }}', query: '{{ query }}' } },
    });
    ({ source } = route);
    // Nothing else uses these: requests that happen to be valid may change them.
    const changed = await workspace.route({ destination: { type: 'inbox' } });
    const accepted = await workspace.ingest(changed.source, '{}');
    ids = { ...changed, event: ((await accepted.json()) as { id: string }).id } as unknown as Record<string, string>;
    port = Number(new URL(workspace.app.url).port);
    const { email, password } = workspace.pocketbase;
    token = (await workspace.api('POST', '/session', { email, password })).body.token;
  });

  afterEach(async () => {
    expect((await workspace.ingest(source, '{}')).status).toBe(202);
    // What one request could do to the process would show here: nothing that is no expected answer was logged.
    expect(workspace.app.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
  afterAll(() => workspace?.stop());

  const exchange = async (text: string | Buffer, quietMs?: number) => readAnswers(await sendBytes(port, text, quietMs));

  const headerValue = fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((c) => c !== 0x7f)
      .map((c) => String.fromCharCode(c)),
  });
  const headers = fc.dictionary(
    fc.oneof(
      fc.constantFrom(
        ...['constructor', '__proto__', 'tostring', 'x-hub-signature-256', 'webhook-id', 'x-correlation-id'],
        ...[
          'traceparent',
          'idempotency-key',
          'content-type',
          'content-encoding',
          'cookie',
          'accept',
          'range',
          'if-match',
        ],
      ),
      fc.stringMatching(/^[a-z0-9!#$%&'*+.^_`|~-]{1,30}$/).filter((name) => !OWN.test(name)),
    ),
    fc.oneof(headerValue, fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'gzip', 'br', '*')),
    { maxKeys: 8 },
  );
  const odd = fc.constantFrom(
    ...['{"__proto__":{"a":1}}', '{"constructor":{"prototype":1}}', '"\\ud800"', '{"a":1e999}', '{"a":-0}', '\ufeff{}'],
    ...['{"a":"\\u0000"}', `{"n":${'9'.repeat(1_001)}}`, '__proto__=1&a=%', '[]', 'null', '""', '{"a":1,"a":2}'],
  );
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
  const body = fc.oneof(fc.json(), odd, bytes, fc.string(), fc.webQueryParameters());
  const query = fc.oneof(
    fc.webQueryParameters(),
    fc.stringMatching(/^[\x21\x24-\x7e]{0,60}$/),
    fc.constantFrom('__proto__=1', 'a[b]=1&a=2', '%', '%ff', 'limit=1e3', 'cursor=x', 'limit=', 'cursor[]=', 'from=x'),
  );

  test('whatever is posted to a source is stored or refused', async () => {
    await fc.assert(
      fc.asyncProperty(headers, query, body, async (fields, text, content) => {
        const answer = await send(`${workspace.app.url}/ingest/${source}?${text}`, { headers: fields, body: content });
        expectSane(answer);
        if (answer.status === 202) {
          const event = await workspace.api('GET', `/events/${JSON.parse(answer.text).id}`);
          expect(event.status).toBe(200);
        }
      }),
      RUNS,
    );
  });

  test('whatever path is asked', async () => {
    const segment = fc.oneof(
      fc.constantFrom(
        ...['..', '.', '%', '%2e%2e', '%2f', '%00', '%ff', '%e0%a4%a', '__proto__', 'constructor', '', ' '].map(
          encodeSpaces,
        ),
      ),
      fc.stringMatching(/^[\x21\x24-\x3e\x40-\x7e]{0,20}$/),
    );
    const root = fc.constantFrom('/ingest/', '/api/v1/', '/api/v1/sources/', '/api/v1/events/', '/docs/', '/', '//');
    const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND');
    const path = fc.tuple(root, fc.array(segment, { maxLength: 4 })).map(([first, more]) => first + more.join('/'));
    await fc.assert(
      fc.asyncProperty(method, path, async (verb, target) => {
        const authorization = { authorization: `Bearer ${token}` };
        const answer = await send(`${workspace.app.url}${target}`, { method: verb, headers: authorization });
        expect(answer.status).toBeLessThan(500);
        expect(answer.text).not.toMatch(INSIDE);
        if (verb !== 'HEAD' && answer.status >= 400) expectSane(answer);
      }),
      RUNS,
    );
  });

  test('whatever the management API is sent', async () => {
    const operations: [string, string][] = [
      ['POST', '/session'],
      ['GET', '/sources'],
      ['POST', '/sources'],
      ['POST', '/destinations'],
      ['POST', '/mappings'],
      ['POST', '/mappings/preview'],
      ['POST', '/mappings/backtest'],
      ['PATCH', `/sources/${ids.sourceId}`],
      ['PATCH', `/destinations/${ids.destinationId}`],
      ['PATCH', `/mappings/${ids.mappingId}`],
      ['GET', '/events'],
      ['GET', '/deliveries'],
      ['POST', `/events/${ids.event}/replay`],
      ['GET', `/events/${ids.event}/explain`],
    ];
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'x',
        'http',
        'github',
        '',
        '\u0000',
        '\ud800',
        'body.a',
        '{{ body',
        '•••• ',
        'https://x.example/',
      ),
    );
    const fuzzy = (likely: fc.Arbitrary<unknown>) =>
      fc.oneof({ weight: 3, arbitrary: likely }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) });
    const record = fc
      .record(
        {
          ...Object.fromEntries(
            'name type url verification filter event_type mode email password disabled_reason account id'
              .split(' ')
              .map((name) => [name, fuzzy(text)]),
          ),
          enabled: fuzzy(fc.boolean()),
          secrets: fuzzy(fc.array(text, { maxLength: 3 })),
          headers: fuzzy(fc.dictionary(text, text, { maxKeys: 3 })),
          extract: fuzzy(fc.dictionary(text, text, { maxKeys: 3 })),
          template: fuzzy(fc.dictionary(text, text, { maxKeys: 3 })),
          verification_options: fuzzy(fc.record({ header: text, prefix: text }, { requiredKeys: [] })),
          retry_schedule: fuzzy(fc.array(fc.constantFrom('0s', '5m', '8d', '-1s', ''), { maxLength: 3 })),
          max_body_bytes: fuzzy(fc.double()),
          timeout_ms: fuzzy(fc.integer()),
          source: fuzzy(fc.constant(ids.sourceId)),
          destination: fuzzy(fc.constant(ids.destinationId)),
          destinations: fuzzy(fc.array(text, { maxLength: 3 })),
          event: fuzzy(fc.constant(ids.event)),
          events: fuzzy(fc.array(fc.constant(ids.event), { maxLength: 3 })),
          mapping: fuzzy(fc.constant(ids.mappingId)),
          last: fuzzy(fc.integer()),
          body: fuzzy(text),
          ['__proto__']: fuzzy(text),
        },
        { requiredKeys: [] },
      )
      // Few fields at a time: one that is wrong hides what the others would do.
      .chain((fields) => fc.subarray(Object.entries(fields), { maxLength: 5 }))
      .map((fields) => JSON.stringify(Object.fromEntries(fields)));
    const json = 'application/json';
    const type = fc.constantFrom(json, json, json, 'application/json; charset=utf-16', 'text/plain', 'x/x+json', '');
    const some = fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: query });
    const content = fc.oneof({ weight: 4, arbitrary: record }, { weight: 1, arbitrary: body });
    const operation = fc.constantFrom(...operations);
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(operation, some, content, type, async ([method, path], asked, sent, contentType) => {
        const answer = await send(`${workspace.app.url}/api/v1${path}?${asked}`, {
          method,
          headers: { authorization: `Bearer ${token}`, ...(contentType && { 'content-type': contentType }) },
          body: sent,
        });
        expectSane(answer);
        statuses.add(answer.status);
      }),
      { ...RUNS, numRuns: 600 },
    );
    // Not all stopped at the door.
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400]));
  });

  test.each([
    ['nonsense', 'x'],
    ['twice', 'Bearer a Bearer b'],
    [
      'a forged token',
      `Bearer ${Buffer.from('{}').toString('base64url')}.${Buffer.from('{"collectionId":"../x"}').toString('base64url')}.x`,
    ],
    ['a very long token', `Bearer ${'a'.repeat(10_000)}`],
    ['empty', ''],
  ])('authorization: %s', async (_what, authorization) => {
    const answer = await send(`${workspace.app.url}/api/v1/sources`, { method: 'GET', headers: { authorization } });
    expectSane(answer);
    expect(answer.status).toBe(401);
  });

  describe('on the wire', () => {
    const head = (...fields: string[]) =>
      `POST /ingest/${source} HTTP/1.1\r\nHost: x\r\n${fields.map((f) => `${f}\r\n`).join('')}\r\n`;
    test.each<[what: string, bytes: () => string, statuses: number[]]>([
      ['no HTTP', () => 'hello\r\n\r\n', [400]],
      ['TLS', () => '\x16\x03\x01\x02\x00\x01\x00', [400]],
      ['two lengths', () => `${head('Content-Length: 2', 'Content-Length: 3')}{}`, [400]],
      ['a length and chunks', () => `${head('Content-Length: 2', 'Transfer-Encoding: chunked')}0\r\n\r\n`, [400]],
      ['a negative length', () => head('Content-Length: -1'), [400]],
      ['a bad chunk', () => `${head('Transfer-Encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n`, [400]],
      ['a header without a name', () => head(': x'), [400]],
      ['a header with a line break', () => head('X-A: b\rc'), [400]],
      ['headers of 20 KiB', () => head(`X-Long: ${'x'.repeat(20_000)}`), [431]],
      ['a path of 20 KiB', () => `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, [431]],
      [
        '100,000 query parameters',
        () => `GET /api/v1/events?${'a=&'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
        [431],
      ],
      ['3,000 header fields', () => head(...Array.from({ length: 3_000 }, (_, n) => `a${n}: b`)), [431]],
      ['a method that nobody knows', () => 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n', [400]],
      ['HTTP/3.0', () => 'GET / HTTP/3.0\r\nHost: x\r\n\r\n', [400, 505]],
      [
        'an upgrade',
        () => `GET /docs HTTP/1.1\r\nHost: x\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n\r\n`,
        [200],
      ],
    ])('%s', async (_what, bytesOf, statuses) => {
      const answers = await exchange(bytesOf(), 3_000);
      expect(answers).toHaveLength(1);
      const [answer] = answers as [Answer];
      expect(statuses).toContain(answer.status);
      expect(answer.text).not.toMatch(INSIDE);
      if (answer.status < 400) return;
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(JSON.parse(answer.text)).toMatchObject({
        status: answer.status,
        code: expect.any(String),
        detail: expect.stringMatching(/.{15}/),
        correlation_id: answer.headers['x-correlation-id'],
      });
    });

    // Node answers these by itself, with a status only, or not at all.
    test.each<[what: string, bytes: () => string, answer: RegExp]>([
      ['no Host', () => `POST /ingest/${source} HTTP/1.1\r\n\r\n`, /^HTTP\/1.1 400 Bad Request\r\n/],
      ['another expectation', () => head('Expect: the-unexpected', 'Connection: close'), /^HTTP\/1.1 417 /],
      ['CONNECT', () => 'CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n', /^$/],
    ])('%s', async (_what, bytesOf, answer) => {
      const received = await sendBytes(port, bytesOf(), 3_000);
      expect(received).toMatch(answer);
      expect(received).not.toMatch(INSIDE);
    });

    test('requests in a row on one connection are answered in order', async () => {
      const one = (n: number, more = '') =>
        `${head(`X-Correlation-Id: n-${n}`, 'Content-Length: 2', ...(more ? [more] : []))}{}`;
      const answers = await exchange(`${one(1)}${one(2)}${one(3, 'Connection: close')}`);
      expect(answers.map(({ status, headers: { 'x-correlation-id': id } }) => [status, id])).toEqual([
        [202, 'n-1'],
        [202, 'n-2'],
        [202, 'n-3'],
      ]);
    });

    test('Expect: 100-continue is heeded', async () => {
      const socket = net.connect(port, '127.0.0.1');
      socket.write(head('Expect: 100-continue', 'Content-Length: 2', 'Connection: close'));
      const [first] = await once(socket, 'data');
      expect(String(first)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
      socket.write('{}');
      const [second] = await once(socket, 'data');
      expect(String(second)).toMatch(/^HTTP\/1.1 202 /);
      await once(socket, 'close');
    });

    test('half a request is given up after some seconds, without delaying others', async () => {
      const halves = [`POST /ingest/${source} HTTP/1.1\r\nHost: x\r\nX-A`, 'GET /', '\r\n'];
      const waiting = halves.map((half) => exchange(half, 15_000));
      expect((await workspace.ingest(source, '{}')).status).toBe(202);
      for (const answers of await Promise.all(waiting)) {
        expect(answers.map(({ status }) => status)).toEqual([408]);
        expect(JSON.parse(answers[0]?.text ?? '')).toMatchObject({ status: 408, code: 'request_timeout' });
      }
    });

    test('a body that ends too early leaves nothing behind', async () => {
      const events = () => workspace.pb.collection('events').getList(1, 1);
      const before = (await events()).totalItems;
      const socket = net.connect(port, '127.0.0.1');
      socket.write(`${head('Content-Length: 100')}{"half":`);
      socket.end();
      socket.resume();
      await once(socket, 'close');
      expect((await events()).totalItems).toBe(before);
    });

    test.each(['HEAD', 'OPTIONS'])('%s has no body or is told what is allowed', async (method) => {
      const get = await send(`${workspace.app.url}/healthz`, { method });
      expect([get.status, get.text]).toEqual(method === 'HEAD' ? [200, ''] : [expect.any(Number), expect.any(String)]);
      const ingest = await send(`${workspace.app.url}/ingest/${source}`, { method });
      expect([ingest.status, ingest.headers.allow]).toEqual([405, 'POST']);
    });
  });
});

/** Set by the client itself, or they end the connection. */
const OWN =
  /^(?:host|content-length|transfer-encoding|connection|expect|upgrade|trailer|te|keep-alive|http2-settings)$/;

function encodeSpaces(text: string): string {
  return text.replaceAll(' ', '%20');
}
