import { createHmac, sign } from 'node:crypto';
import type { IngestRequest } from '../../../api/src/ingest/ingest.ts';
import { createReplan } from '../../../api/src/ingest/replan.ts';
import type { StoredEvent } from '../../../api/src/model/event.ts';
import { TLS_CERTIFICATE, TLS_KEY } from '../../support/certificate.ts';
import { ACCEPTED, aRequest, NOW, openIngest, type Submitted } from './open-ingest.ts';
import { openRules, type Rules } from './open-rules.ts';

test('an event is stored as it came, with what was found and decided', async () => {
  const { send, submitted } = await openIngest({
    source: { event_type: 'body.kind', dedupe_key: 'body.id', extract: { total: 'body.total' } },
    mappings: [{ filter: 'data.total > 5', template: { text: '{{ data.total }} by {{ query.by }}' } }],
  });
  const request = aRequest('{"kind":"order", "id":"o1","total":7}', { Authorization: 'Basic dTpw' }, 'by=shop');
  const result = await send(request);
  const [{ event, deliveries }] = submitted as [Submitted];
  expect(event).toEqual({
    id: 'id1',
    account: 'account00000001',
    source: 'source000000001',
    trigger: '',
    type: 'order',
    correlation_id: 'correlation-1',
    traceparent: '',
    hops: 0,
    dedupe_key: 'o1',
    method: 'POST',
    query: 'by=shop',
    headers: [
      ['content-type', 'application/json'],
      ['Authorization', '[redacted]'],
    ],
    content_type: 'application/json',
    item: 0,
    body: '{"kind":"order", "id":"o1","total":7}',
    body_encoding: 'utf8',
    extracted: { total: 7 },
    decisions: [{ mapping: 'mapping0', destination: 'destination0001', outcome: 'delivery', delivery: 'id2' }],
    received_at: '2026-01-31T12:00:00.000Z',
  });
  expect(deliveries).toEqual([
    {
      id: 'id2',
      mapping: 'mapping0',
      destination: 'destination0001',
      state: 'pending',
      passthrough: false,
      request_body: '{"text":"7 by shop"}',
      request_content_type: 'application/json',
      expires_in_ms: 60_000,
    },
  ]);
  expect(result).toEqual({ status: 'accepted', id: 'id1', type: 'order', decisions: event.decisions });
});

test('an event that becomes many deliveries has used up more hops', async () => {
  const mappings = Array.from({ length: 16 }, () => ({}));
  const { send, submitted } = await openIngest({ mappings });
  await send(aRequest('{}', { 'pockethook-hops': '1' }));
  expect(submitted[0]?.event.hops).toBe(3);
});

test('expressions never see a credential', async () => {
  const { send, submitted } = await openIngest({ source: { extract: { auth: 'headers.authorization' } } });
  await send(aRequest('{}', { authorization: 'Bearer secret-token' }));
  expect(JSON.stringify(submitted)).not.toContain('secret-token');
  expect(submitted[0]?.event.extracted).toEqual({});
});

describe('without a template', () => {
  test('the body goes through as it is, and is not copied', async () => {
    const { send, submitted } = await openIngest({});
    await send(aRequest(Buffer.from([0xff, 0]), { 'content-type': 'image/x' }));
    expect(submitted[0]?.event).toMatchObject({ body: '/wA=', body_encoding: 'base64' });
    expect(submitted[0]?.deliveries).toEqual([
      expect.objectContaining({ passthrough: true, request_body: '', request_content_type: '' }),
    ]);
  });

  test('a destination with a default body gets that', async () => {
    const { send, submitted } = await openIngest({ destinations: [{ type: 'discord' }] });
    await send(aRequest('{"type":"order.paid"}'));
    const [delivery] = submitted[0]?.deliveries ?? [];
    expect(delivery).toMatchObject({ passthrough: false, request_content_type: 'application/json' });
    expect(delivery?.request_body).toContain('order.paid');
    expect(delivery?.request_body).not.toContain('Show the event');
  });
});

describe('decisions: the same for a first event and for a replay with the rules of now', () => {
  const subject = { mapping: 'mapping0', destination: 'destination0001' };
  const failing = { extract: { bad: 'body.n + "x"' } };
  test.each<[string, Rules, object[]]>([
    ['no mapping', { mappings: [] }, []],
    ['a mapping to nowhere', { mappings: [{ destination: 'gone' }] }, []],
    ['a match', { mappings: [{ filter: 'body.n == 1' }] }, [{ ...subject, outcome: 'delivery' }]],
    [
      'filtered, by which clause',
      { mappings: [{ filter: 'body.n == 1 && body.n > 2' }] },
      [{ ...subject, outcome: 'filtered', clause: 'body.n > 2' }],
    ],
    [
      'a key that the event lacks: filtered',
      { mappings: [{ filter: 'body.missing == 1' }] },
      [{ ...subject, outcome: 'filtered', clause: 'body.missing == 1' }],
    ],
    ['a disabled mapping', { mappings: [{ enabled: false }] }, [{ ...subject, outcome: 'disabled' }]],
    [
      'a disabled destination: held, with the reason',
      { destinations: [{ enabled: false, disabled_reason: 'It answered 410.' }] },
      [{ ...subject, outcome: 'held', reason: 'It answered 410.' }],
    ],
    [
      'a filter that fails: an error, never "no match"',
      { mappings: [{ filter: 'body.n + "x" == "1x"' }] },
      [{ ...subject, outcome: 'error', where: 'filter' }],
    ],
    [
      'a filter that can not be compiled',
      { mappings: [{ filter: 'body.' }] },
      [{ ...subject, outcome: 'error', where: 'filter' }],
    ],
    [
      'a template that fails, and where',
      { mappings: [{ template: { embeds: [{ title: '{{ body.missing }}' }] } }] },
      [{ ...subject, outcome: 'error', where: 'template.embeds[0].title' }],
    ],
    ['an extraction that fails', { source: failing }, [{ ...subject, outcome: 'error', where: 'source.extract.bad' }]],
    [
      'an extraction that fails, for a disabled mapping',
      { source: failing, mappings: [{ enabled: false }] },
      [{ ...subject, outcome: 'disabled' }],
    ],
    [
      'each mapping for itself',
      { mappings: [{ filter: 'false' }, {}, { filter: 'body.' }] },
      [{ outcome: 'filtered' }, { outcome: 'delivery' }, { outcome: 'error' }],
    ],
  ])('%s', async (_name, rules, expected) => {
    const { decide, submitted } = await openIngest(rules);
    const [first, again] = await decide(aRequest('{"n":1}'));
    for (const decisions of [first, again])
      expect(decisions).toEqual(expected.map((decision) => expect.objectContaining(decision)));
    const planned = first.filter(({ outcome }) => outcome === 'delivery' || outcome === 'held');
    expect(submitted[0]?.deliveries).toHaveLength(planned.length);
  });

  test('a held delivery is planned as held', async () => {
    const { send, submitted } = await openIngest({ destinations: [{ enabled: false }] });
    await send(aRequest('{}'));
    expect(submitted[0]?.deliveries).toEqual([expect.objectContaining({ state: 'held' })]);
  });

  test('the rules of now see a binary body, its headers and its query as the first time', async () => {
    const filter = 'headers["x-tag"] == "a" && query.q == "1" && body == null';
    const { decide } = await openIngest({ mappings: [{ filter }] });
    const request = aRequest(Buffer.from([0xff]), { 'content-type': 'image/x', 'X-Tag': 'a' }, 'q=1');
    for (const decisions of await decide(request)) expect(decisions).toMatchObject([{ outcome: 'delivery' }]);
  });
});

test('a stored event whose source is gone has no routes', async () => {
  const replan = createReplan(await openRules({}));
  expect(await replan({ source: 'gone' } as StoredEvent)).toEqual([]);
});

describe('refused, and nothing is stored', () => {
  const github: Rules = { source: { verification: 'github', secrets: ['s3cret'] } };
  const sign = (body: string) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', 's3cret').update(body).digest('hex')}`,
  });

  test.each<[string, Rules, IngestRequest, string]>([
    ['no signature', github, aRequest('{}'), 'invalid_signature'],
    ['another body than was signed', github, aRequest('{ }', sign('{}')), 'invalid_signature'],
    ['the signature comes first: broken JSON of a stranger', github, aRequest('{'), 'invalid_signature'],
    ['broken JSON of a friend', github, aRequest('{', sign('{')), 'malformed_json'],
    ['broken JSON', {}, aRequest('{"a":'), 'malformed_json'],
  ])('%s', async (_name, rules, request, code) => {
    const { send, submitted } = await openIngest(rules);
    const result = await send(request);
    expect(result).toEqual({
      status: 'refused',
      code,
      detail: expect.stringMatching(/\S{3}/),
      ...(code === 'malformed_json' && { body_excerpt: expect.any(String) }),
      ...(code === 'invalid_signature' && { verification_failure: expect.stringMatching(/^signature_/) }),
    });
    expect(JSON.stringify(result)).not.toContain('s3cret');
    expect(submitted).toEqual([]);
  });

  test('signed: accepted, and the signature is not stored', async () => {
    const { send, submitted } = await openIngest(github);
    expect(await send(aRequest('{}', sign('{}')))).toMatchObject({ status: 'accepted' });
    expect(JSON.stringify(submitted)).not.toContain(sign('{}')['x-hub-signature-256']);
  });
});

test('more events than the source takes: refused, but strangers use up nothing', async () => {
  const { send, submitted } = await openIngest({
    source: { verification: 'gitlab', secrets: ['s3cret'], rate_limit: 1 },
  });
  const results = [];
  for (const token of ['wrong', 's3cret', 's3cret', 'wrong']) {
    results.push(await send(aRequest('{}', { 'x-gitlab-token': token })));
  }
  const stranger = { status: 'refused', code: 'invalid_signature' };
  expect(results).toMatchObject([
    stranger,
    { status: 'accepted' },
    {
      status: 'refused',
      code: 'too_many_requests',
      retryAfter: 1,
      detail: expect.stringContaining('1 events a second'),
    },
    stranger,
  ]);
  expect(submitted).toHaveLength(1);
});

describe('a handshake', () => {
  const challenge = '{"type":"url_verification","challenge":"c1"}';
  const bySlack = (body: string) => {
    const timestamp = String(NOW / 1000);
    const digest = createHmac('sha256', 's3cret').update(`v0:${timestamp}:${body}`).digest('hex');
    return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
  };

  test('is answered as the vendor wants it, and is no event', async () => {
    const { send, submitted } = await openIngest({ source: { verification: 'slack', secrets: ['s3cret'] } });
    expect(await send(aRequest(challenge, bySlack(challenge)))).toEqual({
      status: 'handshake',
      answer: { status: 200, body: { challenge: 'c1' } },
    });
    expect(submitted).toEqual([]);
  });

  test('of a stranger is refused', async () => {
    const { send } = await openIngest({ source: { verification: 'slack', secrets: ['s3cret'] } });
    expect(await send(aRequest(challenge, bySlack('{}')))).toMatchObject({
      status: 'refused',
      code: 'invalid_signature',
    });
  });

  test('that its vendor does not sign is answered before anything is verified', async () => {
    const rules = { source: { preset: 'monday', verification: 'jwt' as const, secrets: ['s3cret'] } };
    const { send, submitted } = await openIngest(rules);
    const asked = { status: 'handshake', answer: { status: 200, body: { challenge: 'c1' } } };
    expect(await send(aRequest('{"challenge":"c1"}'))).toEqual(asked);
    expect(await send(aRequest(`{"challenge":"${'c'.repeat(70_000)}"}`))).toMatchObject({ status: 'refused' });
    expect(await send(aRequest('{"challenge"'))).toMatchObject({ status: 'refused', code: 'invalid_signature' });
    expect(submitted).toEqual([]);
  });

  describe('of Amazon SNS', () => {
    const HOST = 'https://sns.eu-west-1.amazonaws.com';
    const message: Record<string, string> = {
      Type: 'SubscriptionConfirmation',
      MessageId: 'm1',
      Token: 't1',
      TopicArn: 'arn:aws:sns:eu-west-1:123456789012:orders',
      Message: 'You have chosen to subscribe.',
      SubscribeURL: `${HOST}/?Action=ConfirmSubscription&Token=t1`,
      Timestamp: '2026-01-31T12:00:00.000Z',
      SignatureVersion: '2',
      SigningCertURL: `${HOST}/SimpleNotificationService-01.pem`,
    };
    const text = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
      .map((name) => `${name}\n${message[name]}\n`)
      .join('');
    const Signature = sign('sha256', Buffer.from(text), TLS_KEY).toString('base64');
    const signed = aRequest(JSON.stringify({ ...message, Signature }), { 'content-type': 'text/plain' });
    const rules = { source: { verification: 'aws-sns' as const, secrets: [message.TopicArn as string] } };

    async function confirm(status: number, request = signed) {
      const asked: string[] = [];
      const { send, submitted } = await openIngest(rules, ACCEPTED, async (url) => {
        asked.push(url);
        return url.endsWith('.pem') ? { status: 200, body: TLS_CERTIFICATE } : { status, body: '' };
      });
      const result = await send(request).catch((fault) => fault);
      expect(submitted).toEqual([]);
      return { asked, result };
    }

    test('is confirmed by asking Amazon, once the message was verified', async () => {
      const { asked, result } = await confirm(200);
      expect(result).toMatchObject({ status: 'handshake', answer: { status: 200 } });
      expect(asked).toEqual([message.SigningCertURL, message.SubscribeURL]);
    });

    test('is tried again by Amazon when it could not be confirmed', async () => {
      expect((await confirm(500)).result).toMatchObject({ code: 'vendor_unavailable', retryAfter: 30 });
    });

    test('asks nobody for a message that is not signed', async () => {
      const forged = aRequest(JSON.stringify({ ...message, SubscribeURL: `${HOST}/?other`, Signature }));
      const { asked, result } = await confirm(200, forged);
      expect(result).toMatchObject({ status: 'refused', code: 'invalid_signature' });
      expect(asked).toEqual([message.SigningCertURL]);
    });
  });

  test('of another scheme is an event like any other', async () => {
    const { send, submitted } = await openIngest({});
    expect(await send(aRequest(challenge))).toMatchObject({ status: 'accepted', type: 'url_verification' });
    expect(submitted).toHaveLength(1);
  });
});

describe("the store's answer", () => {
  test('comes with the own answer of the source, for a duplicate too', async () => {
    const source = { answer: { status: 201, body: 'took {{ body.n }}' } };
    const answer = { status: 201, content_type: 'text/plain', body: 'took 1' };
    for (const stored of [ACCEPTED, { status: 'duplicate', id: 'first' } as const]) {
      const { send } = await openIngest({ source }, stored);
      expect(await send(aRequest('{"n":1}'))).toMatchObject({ status: stored.status, answer });
    }
  });

  test('a duplicate has the first id', async () => {
    const { send } = await openIngest({}, { status: 'duplicate', id: 'first' });
    expect(await send(aRequest('{}'))).toEqual({ status: 'duplicate', id: 'first' });
  });

  test('a refusal is said', async () => {
    const { send } = await openIngest({}, { status: 'failed', message: 'events.query is too long' });
    expect(await send(aRequest('{}'))).toMatchObject({
      status: 'refused',
      code: 'malformed_body',
      detail: expect.stringContaining('events.query is too long'),
    });
  });
});

describe('a body that is declared as JSON and is none', () => {
  const broken = '{"id": 1,';

  test('refused, with how it begins', async () => {
    const { send, submitted } = await openIngest({});
    expect(await send(aRequest(broken))).toMatchObject({
      status: 'refused',
      code: 'malformed_json',
      body_excerpt: broken,
    });
    expect(submitted).toEqual([]);
  });

  test('kept if the source says so: as a text, with a type and a key, decided as an error, then and later', async () => {
    const source = {
      on_malformed: 'keep',
      event_type: 'headers["x-kind"]',
      dedupe_key: 'headers["x-id"]',
      extract: { begin: 'body.substring(0, 4)' },
    } as const;
    const { decide, submitted } = await openIngest({ source, mappings: [{ filter: 'true' }, { enabled: false }] });
    const decisions = await decide(aRequest(broken, { 'x-kind': 'order', 'x-id': 'o1' }));
    const error = {
      outcome: 'error',
      where: 'source.body',
      message: expect.stringContaining('declared as JSON, is none'),
    };
    for (const made of decisions) expect(made).toMatchObject([error, { outcome: 'disabled' }]);
    const [{ event, deliveries }] = submitted as [Submitted];
    expect(event).toMatchObject({ type: 'order', dedupe_key: 'o1', body: broken, extracted: { begin: '{"id' } });
    expect(deliveries).toEqual([]);
  });

  test('what is too large to be parsed is not kept', async () => {
    const { send } = await openIngest({ source: { on_malformed: 'keep' } });
    const large = `[${'1,'.repeat(200_001)}1]`;
    expect(await send(aRequest(large))).toMatchObject({ status: 'refused', code: 'body_too_large' });
  });
});
