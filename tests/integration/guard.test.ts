import { describeWithServices } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

describeWithServices('the guard at connect time', () => {
  let workspace: Workspace;
  let sink: Sink;

  beforeAll(async () => {
    sink = await startSink();
    // PocketBase lets the destinations be saved, so that only the API's own guard stands between them and the sink.
    workspace = await openWorkspace({ config: { allowedPrivateNetworks: [] } });
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  test.each([
    ['an address', '127.0.0.1'],
    ['a name', 'localhost'],
  ])('%s of this machine is blocked, and nothing reaches it', async (_what, host) => {
    const url = `http://${host}:${sink.port}/hooks`;
    const { source, destinationId } = await workspace.route({ destination: { type: 'http', url } });
    const { id } = (await (await workspace.ingest(source, '{"secret":"inside"}')).json()) as { id: string };
    const [delivery] = await workspace.deliveries(id, 'dead');
    const { body } = await workspace.api('GET', `/deliveries/${delivery?.id}`);
    expect(body.attempts).toEqual([
      expect.objectContaining({
        outcome: 'blocked',
        status: 0,
        error: expect.stringMatching(/not a public address.*ALLOWED_PRIVATE_NETWORKS=/),
      }),
    ]);

    const tested = await workspace.api('POST', `/destinations/${destinationId}/test`);
    expect(tested).toMatchObject({
      status: 200,
      body: { outcome: 'blocked', error: expect.stringContaining('ALLOWED_PRIVATE_NETWORKS') },
    });
    expect(sink.requests).toEqual([]);
  });
});

describeWithServices('ports', () => {
  let workspace: Workspace;
  let sink: Sink;
  beforeAll(async () => {
    sink = await startSink();
    workspace = await openWorkspace({ config: { allowedPorts: ['443'] } }, { ALLOWED_PORTS: `443,${sink.port}` });
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  test('one that the API does not allow is blocked, though it was saved', async () => {
    const { source, destinationId } = await workspace.route({ destination: { type: 'http', url: sink.url } });
    const { id } = (await (await workspace.ingest(source, '{}')).json()) as { id: string };
    const [delivery] = await workspace.deliveries(id, 'dead');
    expect(delivery?.last_error).toContain(`ALLOWED_PORTS=443,${sink.port}`);
    const tested = await workspace.api('POST', `/destinations/${destinationId}/test`);
    expect(tested.body).toMatchObject({ outcome: 'blocked', error: delivery?.last_error });
    expect(sink.requests).toEqual([]);
  });

  test.each(['http', 'discord', 'slack', 'teams', 'ntfy', 'telegram'])(
    'none that PocketBase does not allow is saved for %s',
    async (type) => {
      const url = 'https://chat.example.com:8443/bot1:x/sendMessage?chat_id=1';
      const { status, body } = await workspace.api('POST', '/destinations', { name: 'x', type, url });
      expect([status, body.errors]).toEqual([
        400,
        [{ field: '/url', message: expect.stringContaining('ALLOWED_PORTS') }],
      ]);
    },
  );
});

describeWithServices('the guard at save time', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace(
      { config: { allowedPrivateNetworks: [], allowHttpDestinations: false } },
      { ALLOWED_PRIVATE_NETWORKS: '', ALLOW_HTTP_DESTINATIONS: '' },
    );
  });
  afterAll(() => workspace?.stop());

  test.each([
    ['https://127.0.0.1/hooks', ['ALLOWED_PRIVATE_NETWORKS']],
    ['https://localhost/hooks', ['ALLOWED_PRIVATE_NETWORKS']],
    ['https://app.localhost./hooks', ['ALLOWED_PRIVATE_NETWORKS']],
    ['https://receiver/hooks', ['ALLOWED_PRIVATE_NETWORKS']],
    ['https://db.internal/hooks', ['ALLOWED_PRIVATE_NETWORKS']],
    ['https://metadata.google.internal/', ['metadata service']],
    ['https://example.com:22/', ['ALLOWED_PORTS']],
    ['http://unix:/run/docker.sock:/x', ['port from 1 to 65535']],
    ['https://..', ['neither a name nor an address']],
    ['https://xn--0.example/', ['punycode']],
    ['https://[::1]/hooks', ['ALLOWED_PRIVATE_NETWORKS']],
    ['https://[::ffff:10.0.0.1]/hooks', ['ALLOWED_PRIVATE_NETWORKS']],
    ['https://169.254.169.254/latest/meta-data', ['ALLOWED_PRIVATE_NETWORKS']],
    ['https://2130706433/', ['four decimal numbers']],
    ['http://example.com/hooks', ['ALLOW_HTTP_DESTINATIONS=true']],
    ['http://localhost:3000', ['ALLOW_HTTP_DESTINATIONS=true', 'ALLOWED_PRIVATE_NETWORKS']],
    ['ftp://example.com', ['https://example.com/hooks']],
    ['https://user:word@example.com/', ['authorization header']],
  ])('%s is refused at /url with what to do', async (url, words) => {
    const fields = { name: 'inside', type: 'http', url };
    const { status, body } = await workspace.api('POST', '/destinations', fields);
    expect([status, body.code]).toEqual([400, 'validation_failed']);
    expect(body.errors).toEqual([{ field: '/url', message: expect.any(String) }]);
    for (const word of words) expect(body.errors[0].message).toContain(word);
    expect((await workspace.api('GET', '/destinations')).body.data).toEqual([]);
  });

  test('a public https URL is saved, and can not be changed to an inner one', async () => {
    const { id } = await workspace.create('destinations', { name: 'out', type: 'http', url: 'https://example.com/' });
    const { status, body } = await workspace.api('PATCH', `/destinations/${id}`, { url: 'https://10.0.0.1/' });
    expect([status, body.errors[0].field]).toEqual([400, '/url']);
    expect((await workspace.api('GET', `/destinations/${id}`)).body.url).toBe('https://example.com/');
  });
});
