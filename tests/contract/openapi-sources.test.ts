import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { PRESETS } from '../../api/src/presets/index.ts';
import { describeWithServices } from '../support/pocketbase.ts';
import { type Services, startServices } from './openapi-services.ts';

const SECRET = 'a secret that the vendor made';
const seconds = () => String(Math.floor(Date.now() / 1000));

describeWithServices('sources of every scheme', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(async () => {
    await services?.stop();
  });

  const create = (fields: object) =>
    services.call('POST', '/api/v1/sources', {
      token: services.operator,
      body: { name: `s-${randomUUID()}`, ...fields },
    });

  it.each([
    ['github', /^[0-9a-f]{64}$/],
    ['gitlab', /^[0-9a-f]{64}$/],
    ['bearer', /^[0-9a-f]{64}$/],
    ['basic', /^pockethook:[0-9a-f]{64}$/],
    ['standard-webhooks', /^whsec_/],
  ])('%s: a secret is made, and shown once', async (verification, form) => {
    const { status, body } = await create({ verification });
    expect([status, body.secrets]).toEqual([201, [expect.stringMatching(form)]]);
    const again = await services.call('GET', '/api/v1/sources/{id}', {
      token: services.operator,
      params: { id: body.id },
    });
    expect(again.text).not.toContain(body.secrets[0]);
  });

  it.each(['stripe', 'slack', 'shopify', 'twilio', 'discord'])(
    '%s: the vendor makes the secret, so the source waits for it',
    async (verification) => {
      const refused = await create({ verification });
      expect([refused.status, refused.body.errors[0].field]).toEqual([400, '/secrets']);
      const waiting = await create({ verification, enabled: false });
      expect([waiting.status, waiting.body.secrets]).toEqual([201, []]);
    },
  );

  it.each([
    [{ verification: 'discord', secrets: ['no key'] }, '/secrets'],
    [{ verification: 'basic', secrets: ['nocolon'] }, '/secrets'],
    [{ verification: 'standard-webhooks', secrets: ['whpk_AAAA'] }, '/secrets'],
    [
      { verification: 'twilio', secrets: [SECRET], verification_options: { url: 'https://a.example/?x=1' } },
      '/verification_options',
    ],
    [{ verification: 'none', rate_limit: -1 }, '/rate_limit'],
    [{ verification: 'none', rate_limit: 1.5 }, '/rate_limit'],
    [{ verification: 'paypal' }, '/verification'],
  ])('%j is refused at its field', async (fields, field) => {
    const { status, body } = await create(fields);
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });

  it('presets are listed, and a source can be made with each', async () => {
    const { status, body } = await services.call('GET', '/api/v1/source-presets', { token: services.operator });
    expect([status, body.data.length]).toEqual([200, PRESETS.size]);
    for (const { name, verification, verification_options, secret_by } of body.data) {
      const made = await create({ preset: name, enabled: secret_by !== 'vendor' });
      const { status, body } = made;
      expect([name, status, body.preset, body.verification, body.verification_options, body.secrets.length]).toEqual([
        ...[name, 201, name, verification, verification_options],
        secret_by === 'us' ? 1 : 0,
      ]);
    }
  });

  it('a preset gives what is not given, also to a source that is there', async () => {
    const own = await create({ preset: 'zoom', verification: 'none' });
    expect([own.body.verification, own.body.verification_options]).toEqual(['none', null]);
    const params = { id: own.body.id };
    const changes = { token: services.operator, params, body: { preset: 'figma', secrets: ['s'] } };
    const changed = await services.call('PATCH', '/api/v1/sources/{id}', changes);
    expect([changed.body.verification, changed.body.verification_options]).toEqual([
      'token',
      { place: 'body.passcode' },
    ]);
    const unknown = await create({ preset: 'nobody' });
    expect([unknown.status, unknown.body.errors[0].field]).toEqual([400, '/preset']);
  });

  it.each([
    [{ status: 500 }, 400],
    [{ body: '{{ boddy }}' }, 400],
    [{ content_type: 'text/html' }, 400],
    [{ status: 200, content_type: 'text/xml', body: '<a>{{ body.n }}</a>' }, 201],
  ])('the answer %j: %d', async (answer, status) => {
    const made = await create({ verification: 'none', answer });
    expect(made.status).toBe(status);
    if (status === 400) return expect(made.body.errors[0].field).toMatch(/^\/answer/);
    expect(made.body.answer).toEqual(answer);
    const taken = await fetch(`${services.url}/ingest/${made.body.name}`, { method: 'POST', body: '{"n":1}' });
    expect([taken.status, await taken.text()]).toEqual([200, '<a>1</a>']);
    expect(taken.headers.get('content-type')).toMatch(/^text\/xml/);
    expect(taken.headers.get('content-security-policy')).toContain('sandbox');
    expect(taken.headers.get('pockethook-event')).toMatch(/^[a-z0-9]{15}$/);
  });

  it('questions by other methods are answered where the preset knows them, and 405 elsewhere', async () => {
    const names: Record<string, string> = {};
    for (const preset of ['meta', 'trello', 'cloudevents', 'github']) {
      const { body } = await create({ preset, secrets: [SECRET] });
      names[preset] = body.name;
    }
    const ask = async (preset: string, method: string, query = '', headers: Record<string, string> = {}) => {
      const answer = await fetch(`${services.url}/ingest/${names[preset]}${query}`, { method, headers });
      return [answer.status, await answer.text(), answer.headers.get('allow')];
    };
    expect(await ask('meta', 'GET', '?hub.mode=subscribe&hub.challenge=%3Cb%3E')).toEqual([200, '<b>', null]);
    expect(await ask('trello', 'HEAD')).toEqual([200, '', null]);
    const origin = { 'webhook-request-origin': 'a.example' };
    expect(await ask('cloudevents', 'OPTIONS', '', origin)).toEqual([200, '', null]);
    for (const [preset, method] of [
      ['github', 'GET'],
      ['github', 'OPTIONS'],
      ['meta', 'PUT'],
      ['meta', 'GET'],
    ] as const)
      expect(await ask(preset, method)).toEqual([405, expect.stringContaining('method_not_allowed'), 'POST']);
  });

  it('handshakes are answered by the contract', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = Buffer.from(publicKey.export({ format: 'jwk' }).x as string, 'base64url').toString('hex');
    const slack = await create({ verification: 'slack', secrets: [SECRET] });
    const discord = await create({ verification: 'discord', secrets: [key] });
    const bySlack = (body: string) => {
      const at = seconds();
      const digest = createHmac('sha256', SECRET).update(`v0:${at}:${body}`).digest('hex');
      return { 'x-slack-signature': `v0=${digest}`, 'x-slack-request-timestamp': at };
    };
    const byDiscord = (body: string) => {
      const at = seconds();
      const signature = sign(null, Buffer.from(at + body), privateKey).toString('hex');
      return { 'x-signature-ed25519': signature, 'x-signature-timestamp': at };
    };
    const ask = async (source: { body: { name: string } }, body: string, headers: Record<string, string>) => {
      const answer = await services.call('POST', '/ingest/{source}', {
        params: { source: source.body.name },
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });
      return [answer.status, answer.text];
    };
    const challenge = '{"type":"url_verification","challenge":"c1"}';
    expect(await ask(slack, challenge, bySlack(challenge))).toEqual([200, '{"challenge":"c1"}']);
    expect(await ask(discord, '{"type":1}', byDiscord('{"type":1}'))).toEqual([200, '{"type":1}']);
    expect(await ask(discord, '{"type":0}', byDiscord('{"type":0}'))).toEqual([204, '']);
    expect((await ask(slack, challenge, bySlack('{}')))[0]).toBe(401);
  });
});
