import { type ChatServices, type Refusal, startChatServices } from '../support/chat-services.ts';
import { describeWithServices } from '../support/services.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const CONSOLE = 'https://hooks.example.com';
const EXTRACT = { title: 'body.title', url: 'body.url', author: 'body.author' };
const EVENT = { title: 'Crash <b>&', url: 'https://x.example/1', author: 'ann' };

/** A path with the token that each service has in its URLs, and the part of it that must never be seen. */
const SERVICES = [
  { type: 'discord', path: (n: string) => `/api/webhooks/1234567/discord-token-${n}`, secret: 'discord-token' },
  { type: 'slack', path: (n: string) => `/services/T0/B0/slack-token-${n}`, secret: 'slack-token' },
  { type: 'slack', path: (n: string) => `/hooks/mattermost-token-${n}`, secret: 'mattermost-token' },
  {
    type: 'teams',
    path: (n: string) => `/workflows/${n}/triggers/manual/paths/invoke?sp=%2Ftriggers&sig=teams-token-0123`,
    secret: 'teams-token',
  },
  {
    type: 'telegram',
    path: (n: string) => `/bot123456:telegram-token-${n}/sendMessage?chat_id=-100123`,
    secret: 'telegram-token',
  },
  { type: 'ntfy', path: (n: string) => `/ntfy-topic-${n}`, secret: 'ntfy-topic' },
] as const;

type Attempt = Record<'outcome' | 'error' | 'started_at', string>;

describeWithServices('chat destinations', () => {
  let workspace: Workspace;
  let services: ChatServices;
  let paths = 0;

  beforeAll(async () => {
    services = await startChatServices();
    workspace = await openWorkspace({ config: { publicUrl: CONSOLE, retrySchedule: [0, 50] } });
  });

  afterAll(async () => {
    await workspace?.stop();
    await services?.sink.close();
  });

  type Service = (typeof SERVICES)[number];
  const named = SERVICES.map((service) => [service.secret.split('-')[0], service] as const);

  /** A route to a URL of its own, so that each test sees its messages only. */
  async function routeTo({ type, path }: Pick<Service, 'type' | 'path'>, mapping: object = {}) {
    const url = `${services.sink.url}${path(`${++paths}abcdefghijkl`)}`;
    const route = await workspace.route({ source: { extract: EXTRACT }, destination: { type, url }, mapping });
    return { ...route, url };
  }

  async function accept(source: string, event: object = EVENT): Promise<string> {
    const response = await workspace.ingest(source, JSON.stringify(event));
    expect(response.status).toBe(202);
    return ((await response.json()) as { id: string }).id;
  }

  const attemptsOf = async (delivery: string | undefined) =>
    (await workspace.api('GET', `/deliveries/${delivery}`)).body.attempts as Attempt[];

  test.each(named)('%s takes the default body, with a link to the event', async (_name, service) => {
    const { source, url } = await routeTo(service);
    const event = await accept(source);
    await workspace.deliveries(event, 'delivered');
    const [message] = services.taken(url);
    const sent = message?.body.toString() ?? '';
    for (const part of [source, 'ann', 'https://x.example/1', 'Crash', 'Show the event']) expect(sent).toContain(part);
    const link = `${CONSOLE}/events/${event}`;
    expect(sent.replaceAll('&amp;', '&')).toContain(link);
  });

  test.each(named)('%s takes any length of text, cut', async (_name, service) => {
    const { source, url } = await routeTo(service, { template: '{{ body.text }}' });
    await workspace.deliveries(await accept(source, { ...EVENT, text: 'x'.repeat(100_000) }), 'delivered');
    const [message] = services.taken(url);
    expect(message?.body.toString()).toMatch(/x…/);
  });

  test.each(named)('the URL of %s is encrypted and masked; a mask that comes back keeps it', async (_name, service) => {
    const { source, url, destinationId } = await routeTo(service);
    const { body: shown } = await workspace.api('GET', `/destinations/${destinationId}`);
    expect(shown.url).toContain('••••');
    expect(JSON.stringify(shown)).not.toContain(service.secret);
    const seen = await workspace.pb.collection('destinations').getOne(destinationId);
    expect(JSON.stringify(seen)).not.toContain(service.secret);

    const edited = { name: `${source} renamed`, url: shown.url };
    const changed = await workspace.api('PATCH', `/destinations/${destinationId}`, edited);
    expect(changed).toMatchObject({ status: 200, body: edited });
    await workspace.deliveries(await accept(source), 'delivered');
    expect(services.taken(url)).toHaveLength(1);
    expect(JSON.stringify(workspace.app.lines)).not.toContain(service.secret);
  });

  const wait = '1';
  test.each<[string, Refusal]>([
    ['discord', { status: 429, body: '{"message":"You are being rate limited.","retry_after":1.0,"global":false}' }],
    ['slack', { status: 429, body: 'rate_limited', headers: { 'retry-after': wait } }],
    ['mattermost', { status: 429, body: 'limit exceeded', headers: { 'retry-after': wait } }],
    ['teams', { status: 429, body: '{"error":{"code":"TooManyRequests"}}', headers: { 'retry-after': wait } }],
    [
      'telegram',
      {
        status: 429,
        body: '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}',
      },
    ],
    ['ntfy', { status: 429, body: '{"code":42901,"http":429,"error":"limit reached: too many requests"}' }],
  ])('%s says slow down, then takes the message: no try is used up', async (name, refusal) => {
    const service = SERVICES.find(({ secret }) => secret.startsWith(name)) as Service;
    const { source, url } = await routeTo(service);
    services.refuseNext(url, refusal);
    const [delivery] = await workspace.deliveries(await accept(source), 'delivered');
    expect(await attemptsOf(delivery?.id)).toMatchObject([
      { outcome: 'throttled', error: expect.stringMatching(/asks to (wait 1 s|slow down)/) },
      { outcome: 'success' },
    ]);
    expect(delivery).toMatchObject({ attempts_made: 2, tries_used: 1 });
    expect(services.taken(url)).toHaveLength(1);
  });

  test('slow down, and come again at once, is believed ever less', async () => {
    const service = SERVICES.find(({ secret }) => secret.startsWith('slack')) as Service;
    const { source, url } = await routeTo(service);
    const never: Refusal = { status: 429, body: 'rate_limited', headers: { 'retry-after': '0' } };
    for (let i = 0; i < 3; i++) services.refuseNext(url, never);
    const [delivery] = await workspace.deliveries(await accept(source), 'delivered');
    const starts = (await attemptsOf(delivery?.id)).map(({ started_at }) => Date.parse(started_at));
    const waits = starts.slice(1).map((at, i) => at - Number(starts[i]));
    expect(waits).toHaveLength(3);
    // 1, 2 and 4 seconds, each 20 % less at the least, and 1 second in any case.
    for (const [i, least] of [1_000, 1_600, 3_200].entries()) expect(waits[i]).toBeGreaterThanOrEqual(least);
    expect(delivery).toMatchObject({ attempts_made: 4, tries_used: 1 });
  });

  test.each<[string, Refusal, RegExp]>([
    ['discord', { status: 404, body: '{"message":"Unknown Webhook","code":10015}' }, /make a new one/],
    ['slack', { status: 404, body: 'no_service' }, /make a new one/],
    ['mattermost', { status: 403, body: '{"message":"Not allowed.","status_code":403}' }, /Not allowed\. Check/],
    [
      'teams',
      { status: 400, body: '{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"Off."}}' },
      /Switch the workflow on/,
    ],
    [
      'telegram',
      {
        status: 403,
        body: '{"ok":false,"error_code":403,"description":"Forbidden: bot was kicked from the group chat"}',
      },
      /Add the bot to the chat again/,
    ],
    ['ntfy', { status: 403, body: '{"code":40301,"http":403,"error":"forbidden"}' }, /Set the header authorization/],
  ])('%s says never again: dead at once, with what to do', async (name, refusal, advice) => {
    const service = SERVICES.find(({ secret }) => secret.startsWith(name)) as Service;
    const { source, url } = await routeTo(service);
    services.refuseNext(url, refusal);
    const [delivery] = await workspace.deliveries(await accept(source), 'dead');
    expect(delivery).toMatchObject({ attempts_made: 1, last_status: refusal.status });
    expect(delivery?.last_error).toMatch(advice);
    expect(delivery?.last_error).not.toContain(service.secret);
  });

  test('an archived Slack channel disables the destination; what comes later is held', async () => {
    const { source, url, destinationId } = await routeTo(SERVICES[1]);
    services.refuseNext(url, { status: 410, body: 'channel_is_archived' });
    await workspace.deliveries(await accept(source), 'dead');
    const { body: destination } = await workspace.api('GET', `/destinations/${destinationId}`);
    expect(destination).toMatchObject({
      enabled: false,
      disabled_reason: expect.stringContaining('channel_is_archived'),
    });
    await workspace.deliveries(await accept(source), 'held');
    expect(services.taken(url)).toEqual([]);
  });

  test('templates of each kind arrive as they were written', async () => {
    const telegram = await routeTo(
      { type: 'telegram', path: (n) => `/bot1:${n}/sendMessage` },
      { template: { chat_id: '{{ body.chat }}', text: '<b>{{ body.author }}</b>', parse_mode: 'HTML' } },
    );
    await workspace.deliveries(await accept(telegram.source, { ...EVENT, chat: -42 }), 'delivered');
    expect(JSON.parse(services.taken(telegram.url)[0]?.body.toString() ?? '')).toEqual({
      chat_id: -42,
      text: '<b>ann</b>',
      parse_mode: 'HTML',
    });

    const ntfy = await routeTo(
      { type: 'ntfy', path: () => '/' },
      { template: { topic: 'alerts', message: '{{ data.author }}', priority: 5 } },
    );
    await workspace.deliveries(await accept(ntfy.source), 'delivered');
    expect(JSON.parse(services.taken(ntfy.url)[0]?.body.toString() ?? '')).toEqual({
      topic: 'alerts',
      message: 'ann',
      priority: 5,
    });
  });

  test('a Telegram URL that names no bot is refused at the field', async () => {
    const { status, body } = await workspace.api('POST', '/destinations', {
      name: 'telegram',
      type: 'telegram',
      url: 'https://api.telegram.org/sendMessage?chat_id=1',
    });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ field: '/url', message: expect.stringContaining('/bot<token>/sendMessage') }]);
  });

  test('a preview of a body, which is no stored event, holds no link', async () => {
    const preview = await workspace.api('POST', '/mappings/preview', { body: EVENT, type: 'slack' });
    expect(preview.body).toMatchObject({ outcome: 'delivery', request: { content_type: 'application/json' } });
    expect(preview.body.request.body).not.toContain('Show the event');
  });
});
