import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithServices } from '../support/services.ts';
import { type Run, type RunOptions, runCli } from '../unit/cli/support.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

describeWithServices('making and changing records on the command line', () => {
  let workspace: Workspace;
  const folder = mkdtempSync(join(tmpdir(), 'pockethook-cli-'));

  beforeAll(async () => {
    workspace = await openWorkspace();
  });
  afterAll(async () => {
    await workspace?.stop();
    rmSync(folder, { recursive: true });
  });

  function cli(args: string[], options: RunOptions = {}): Promise<Run> {
    const { email, password } = workspace.pocketbase;
    const env = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: email, POCKETBASE_ADMIN_PASSWORD: password };
    return runCli([...args, '--url', workspace.app.url], { ...options, env });
  }

  async function shown(kind: string, name: string) {
    const { out, err } = await cli([kind, 'show', name, '--json']);
    return out ? JSON.parse(out) : err;
  }

  function file(name: string, content: string): string {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  }

  it('makes a source with the preset of a vendor, and a file that says the same changes nothing', async () => {
    const made = await cli(['sources', 'create', 'calls', '--preset', 'zoom', '--secrets', 'its Secret Token']);
    expect(made).toMatchObject({ exitCode: 0, err: '' });
    expect(await shown('sources', 'calls')).toMatchObject({
      preset: 'zoom',
      verification: 'hmac',
      verification_options: { header: 'x-zm-signature', prefix: 'v0=' },
    });
    const { out } = await cli(['export', '--source', 'calls']);
    expect(out).toContain('preset: zoom');
    expect(out).not.toMatch(/verification/);
    const again = await cli(['apply', file('calls.yaml', 'sources:\n  calls:\n    preset: zoom\n')]);
    expect(again).toMatchObject({ exitCode: 0, out: 'Everything is as the file says; no change.\n' });
    const moved = await cli(['apply', file('calls.yaml', 'sources:\n  calls:\n    preset: figma\n')]);
    expect(moved.exitCode).toBe(0);
    expect(await shown('sources', 'calls')).toMatchObject({ preset: 'figma', verification: 'token' });
  });

  it('says that a handshake brings the secret, and shows it once', async () => {
    const made = await cli(['sources', 'create', 'notion', '--preset', 'notion']);
    expect([made.exitCode, made.out]).toEqual([
      0,
      expect.stringContaining("Its secret: none yet: the vendor's handshake"),
    ]);
    expect((await cli(['sources', 'reveal', 'notion'])).exitCode).not.toBe(0);
    const url = /post to (\S+)/.exec(made.out)?.[1] as string;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ verification_token: 'secret_of-notion-1234' });
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
    expect((await cli(['sources', 'show', 'notion'])).out).toContain('sources reveal notion');
    expect((await cli(['sources', 'reveal', 'notion'])).out).toBe(
      'Its secret, shown this once: secret_of-notion-1234\n',
    );
    const again = await cli(['sources', 'reveal', 'notion']);
    expect([again.exitCode === 0, again.err]).toEqual([false, expect.stringContaining('There is no secret to show')]);
    await cli(['sources', 'set', 'notion', '--unset', 'secrets']);
    expect((await cli(['sources', 'show', 'notion'])).out).toContain('none yet');
    await cli(['sources', 'delete', 'notion', '--yes']);
  });

  it('lists the presets, and shows what is known of a vendor', async () => {
    const all = await cli(['sources', 'presets']);
    expect(all.out).toMatch(/^NAME +VENDOR +VERIFICATION/);
    expect(all.out).toMatch(/^zoom +Zoom +hmac/m);
    const { out } = await cli(['sources', 'presets', 'zoom']);
    expect(out).toMatch(/^docs +https:\/\/developers\.zoom\.us/m);
    expect(out).toMatch(/^secret +the app's Secret Token$/m);
    const unknown = await cli(['sources', 'presets', 'nobody']);
    expect([unknown.exitCode, unknown.err]).toEqual([3, expect.stringContaining('sources presets lists them')]);
  });

  it('takes lists and maps as JSON, as the documentation writes them', async () => {
    const relay = { headers: ['x-github-event'], query: true };
    const headers = ['x-a=1', '{"x-b": "{{ body.b }}"}'];
    const more = ['--headers', ...headers, '--relay', JSON.stringify(relay), '--retry-schedule', '["0s", "5s"]'];
    const url = ['--destination-url', 'https://ci.example.com/build'];
    expect(await cli(['destinations', 'create', 'ci', '--type', 'http', ...url, ...more])).toMatchObject({ err: '' });
    expect(await shown('destinations', 'ci')).toMatchObject({ relay, retry_schedule: ['0s', '5s'] });
    const { headers: kept } = (await shown('destinations', 'ci')) as { headers: object };
    expect(Object.keys(kept)).toEqual(['x-a', 'x-b']);
    const origins = ['--cors-origins', '["https://a.example"]', 'https://b.example'];
    await cli(['sources', 'create', 'pages', ...origins]);
    const all = ['https://a.example', 'https://b.example'];
    expect(await shown('sources', 'pages')).toMatchObject({ cors_origins: all });
    expect(
      await cli(['destinations', 'set', 'ci', '--relay', `@${file('relay.json', '{"headers": "all"}')}`]),
    ).toMatchObject({ exitCode: 0 });
    expect(await shown('destinations', 'ci')).toMatchObject({ relay: { headers: 'all', query: true } });
  });

  it('makes a source, a destination and a mapping that deliver', async () => {
    const source = await cli([
      'sources',
      'create',
      'shop',
      '--event-type',
      'body.type',
      '--extract',
      'total=body.total',
    ]);
    expect(source).toEqual({
      exitCode: 0,
      out: expect.stringMatching(
        /^The source shop is made \(\w{15}\)\.\nIts producers post to http\S+\/ingest\/shop\n$/,
      ),
      err: '',
    });
    expect(await cli(['destinations', 'create', 'box', '--type', 'inbox', '--rate-limit', '0.5'])).toMatchObject({
      exitCode: 0,
    });
    const ends = ['--source', 'shop', '--destination', 'box'];
    const rules = ['--filter', 'event.type == "paid"', '--template', '{"text": "{{ data.total }}"}'];
    expect(await cli(['mappings', 'create', 'shop to box', ...ends, ...rules])).toMatchObject({ exitCode: 0 });
    const { id } = (await (await workspace.ingest('shop', '{"type":"paid","total":7}')).json()) as { id: string };
    const [delivery] = await workspace.deliveries(id, 'delivered');
    expect(delivery?.request_body).toBe('{"text":7}');
    expect(await shown('destinations', 'box')).toMatchObject({ rate_limit: 0.5 });
  });

  it('shows a secret that was made once, and none that was given', async () => {
    const made = await cli(['sources', 'create', 'made', '--verification', 'github']);
    expect(made.out).toMatch(/\nIts secret, shown this once: [0-9a-f]{64}\n$/);
    expect(JSON.stringify(await shown('sources', 'made'))).not.toMatch(/[0-9a-f]{64}/);
    const secret = file('secret', 'given by nobody else\n');
    const given = await cli(['sources', 'create', 'given', '--verification', 'github', '--secrets', `@${secret}`]);
    expect(given.out).not.toContain('secret');
    expect(await shown('sources', 'given')).toMatchObject({ secrets: ['••••else'] });
  });

  it('adds to maps, replaces lists, and puts back what a new one has', async () => {
    const url = ['--destination-url', 'https://example.com/hook'];
    const fields = ['--headers', 'x-a=first', 'x-b=second', '--retry-schedule', '0s', '5s', '--ordered'];
    expect((await cli(['destinations', 'create', 'there', '--type', 'http', ...url, ...fields])).exitCode).toBe(0);
    const set = ['destinations', 'set', 'there'];
    expect(await cli([...set, '--headers', 'x-c=a=b', '--retry-schedule', '1s', '--no-ordered'])).toMatchObject({
      out: 'Set headers, ordered, retry_schedule of the destination there.\n',
    });
    expect(await shown('destinations', 'there')).toMatchObject({
      headers: { 'x-a': expect.anything(), 'x-b': expect.anything(), 'x-c': expect.anything() },
      retry_schedule: ['1s'],
      ordered: false,
    });
    await cli([...set, '--unset', 'headers.x-a', 'retry_schedule', '--name', 'elsewhere', '--timeout-ms', '5000']);
    const changed = await shown('destinations', 'elsewhere');
    expect(Object.keys(changed.headers).sort()).toEqual(['x-b', 'x-c']);
    expect(changed).toMatchObject({ retry_schedule: null, timeout_ms: 5000, url: 'https://example.com/hook' });
  });

  it('takes further fields from a file, with names of records', async () => {
    await cli(['sources', 'create', 'first']);
    await cli(['destinations', 'create', 'last', '--type', 'inbox']);
    const fields = file(
      'mapping.yaml',
      'source: first\ndestination: last\nfilter: body.a == 1\ntemplate: { n: "{{ body.a }}" }',
    );
    expect(await cli(['mappings', 'create', 'both', '--file', fields, '--filter', 'body.a == 2'])).toMatchObject({
      exitCode: 0,
      err: '',
    });
    expect(await shown('mappings', 'both')).toMatchObject({ filter: 'body.a == 2', template: { n: '{{ body.a }}' } });
  });

  it('takes every kind that the contract has, by the names of what it belongs to', async () => {
    for (const domain of ['one.example', 'two.example']) {
      expect((await cli(['sites', 'create', `www.${domain.toUpperCase()}`])).exitCode).toBe(0);
      const goal = ['goals', 'create', `${domain}/Signup`, '--event-name', 'Signup'];
      expect((await cli(goal)).exitCode).toBe(0);
    }
    const twice = await cli(['goals', 'show', 'Signup']);
    expect(twice).toMatchObject({ exitCode: 2, err: expect.stringContaining('There are several') });
    const goal = 'two.example/Signup';
    expect((await cli(['goals', 'set', goal, '--props', 'plan=pro'])).out).toBe('Set props of the goal Signup.\n');
    expect(await shown('goals', goal)).toMatchObject({ props: { plan: 'pro' }, event_name: 'Signup' });
    const told = ['--threshold', '5', '--window', '10m', '--quiet-hours', 'from=22:00', 'to=07:00'];
    const trigger = ['triggers', 'create', 'Spike', '--site', 'two.example', '--type', 'visitor_spike', ...told];
    await cli(['destinations', 'create', 'told', '--type', 'inbox']);
    expect(await cli([...trigger, '--destinations', 'told'])).toMatchObject({ exitCode: 0, err: '' });
    expect((await cli(['triggers', 'show', 'two.example/Spike'])).out).toMatch(/^state +(learning|armed)/m);
    const backtest = await cli(['triggers', 'backtest', 'two.example/Spike', '--threshold', '3', '--days', '7']);
    expect(backtest).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^It would have told 0 times from \S+ to \S+\.$/m),
    });
    expect((await cli(['triggers', 'backtest', 'two.example/Spike', '--days', '31'])).exitCode).toBe(2);
    expect(await shown('triggers', 'two.example/Spike')).toMatchObject({
      threshold: 5,
      window: '10m',
      quiet_hours: { from: '22:00', to: '07:00' },
    });
    expect(await cli(['sites', 'delete', 'two.example'])).toMatchObject({
      err: expect.stringContaining('two.example? A goal goes with it. A trigger goes with it. There is nobody'),
    });
  });

  it('deletes after a question that says what goes with it', async () => {
    const { source } = await workspace.route({ destination: { type: 'inbox' } });
    const question = `Delete the source ${source}? A mapping goes with it.`;
    expect(await cli(['sources', 'delete', source])).toMatchObject({
      exitCode: 2,
      err: `pockethook: ${question} There is nobody to ask: add --yes.\n`,
    });
    expect(await cli(['sources', 'delete', source], { answer: false })).toMatchObject({ exitCode: 1 });
    expect(await shown('mappings', source)).toMatchObject({ name: source });
    expect(await cli(['sources', 'delete', source], { answer: true })).toMatchObject({
      exitCode: 0,
      out: `The source ${source} is deleted.\n`,
      err: `${question}\n`,
    });
    expect(await shown('mappings', source)).toMatch(/There is no mapping/);
    const gone = await cli(['destinations', 'delete', source, '--yes', '--json']);
    expect(JSON.parse(gone.out)).toMatchObject({ name: source, deleted: true });
  });

  it.each([
    [['destinations', 'create', 'x'], 'A new destination needs --type.'],
    [['mappings', 'create', 'x', '--filter', 'true'], 'A new mapping needs --source and --destination.'],
    [['destinations', 'create', 'x', '--type', 'fax'], 'Allowed choices are http, discord'],
    [['sources', 'create', 'x', '--max-body-bytes', '1.5'], 'Write a whole number from 0 to 33554432.'],
    [
      ['destinations', 'create', 'x', '--type', 'http', '--headers', 'none'],
      '--headers takes name=text, and "none" has no',
    ],
    [['sources', 'create', 'x', '--secrets', '@/nowhere'], "The file /nowhere can't be read (ENOENT)."],
    [['destinations', 'set', 'box'], 'There is nothing to change'],
    [['destinations', 'set', 'box', '--unset', 'type'], "--unset type: a destination can't be without it."],
    [['destinations', 'set', 'box', '--unset', 'colour'], 'There are: description, type, method, url, '],
    [['destinations', 'set', 'box', '--unset', 'headers.x-a'], '--unset headers.x-a: headers holds no x-a.'],
  ])('%j is refused', async (args, message) => {
    expect(await cli(args)).toMatchObject({ exitCode: 2, out: '', err: expect.stringContaining(message) });
  });

  it('a file that holds no fields is refused', async () => {
    const broken = await cli(['sources', 'create', 'x', '--file', file('broken.json', '{"a":')]);
    expect(broken).toMatchObject({ exitCode: 2, err: expect.stringContaining('is neither JSON nor YAML') });
    const list = await cli(['sources', 'create', 'x', '--file', file('list.json', '[1]')]);
    expect(list).toMatchObject({ exitCode: 2, err: expect.stringContaining('must hold an object with fields.') });
  });
});
