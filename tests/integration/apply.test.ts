import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/pocketbase.ts';
import { describeWithServices } from '../support/services.ts';
import { type RunOptions, runCli } from '../unit/cli/support.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const SECRET = 'a-secret-that-must-stay-one';
const URL = 'https://discord.com/api/webhooks/123456/a-token-that-must-stay-one';

const FILE = `
sources:
  github:
    verification: github
    secrets: [{ env: GITHUB_SECRET }]
    extract: { title: body.issue.title }
    max_body_bytes: 1000000
destinations:
  alerts:
    type: discord
    url: { env: DISCORD_URL }
  hook:
    type: http
    url: http://127.0.0.1:9999/hook
    headers: { x-key: { file: key.txt } }
    retry_schedule: [0s, 5s]
mappings:
  github to alerts:
    source: github
    destination: alerts
    filter: |
      body.action == "opened"
    template:
      content: '{{ data.title }}'
      n: 3
  github to hook:
    source: github
    destination: hook
`;

describeWithServices('apply and export', () => {
  let workspace: Workspace;
  let folder: string;
  const env = { GITHUB_SECRET: SECRET, DISCORD_URL: URL };

  beforeAll(async () => {
    workspace = await openWorkspace();
    folder = mkdtempSync(join(tmpdir(), 'pockethook-apply-'));
    writeFileSync(join(folder, 'key.txt'), `${SECRET}\n`);
  });
  afterEach(async () => {
    for (const kind of ['mappings', 'sources', 'sites', 'destinations'])
      for (const { id } of await list(kind)) await workspace.api('DELETE', `/${kind}/${id}`);
  });
  afterAll(async () => {
    await workspace.stop();
    rmSync(folder, { recursive: true });
  });

  const list = async (kind: string) => (await workspace.api('GET', `/${kind}?limit=200`)).body.data;
  const namesOf = async (kind: string) => (await list(kind)).map(({ name }: { name: string }) => name);

  function cli(args: string[], options: RunOptions = {}) {
    const { email, password } = workspace.pocketbase;
    const credentials = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: email, POCKETBASE_ADMIN_PASSWORD: password };
    return runCli([...args, '--url', workspace.app.url], { ...options, env: { ...credentials, ...options.env } });
  }

  async function apply(yaml: string, flags: string[] = [], options: RunOptions = { env }) {
    const file = join(folder, 'pockethook.yaml');
    writeFileSync(file, yaml);
    const run = await cli(['apply', file, ...flags], options);
    expect(run.out + run.err).not.toContain('must-stay-one');
    return run;
  }

  const NO_CHANGE = { exitCode: 0, out: 'Everything is as the file says; no change.\n' };

  it('makes what is declared, shows it before, and changes nothing the second time', async () => {
    const dry = await apply(FILE, ['--dry-run']);
    expect(dry).toMatchObject({ exitCode: 0, err: '' });
    expect(dry.out).toContain('+ source github\n  + verification: "github"\n  + secrets: (not shown)\n');
    expect(dry.out).toContain('+ mapping github to alerts\n  + source: "github"\n');
    expect(await list('sources')).toEqual([]);

    const first = await apply(FILE);
    expect(first).toMatchObject({ exitCode: 0, out: dry.out });
    expect(first.err).toMatch(
      /A secret was made for the destination hook, shown this once: whsec_\S+\nDone: 5 created\.\n$/,
    );
    const [mapping] = await list('mappings');
    expect(mapping).toMatchObject({ enabled: true, template: { content: '{{ data.title }}', n: 3 } });
    expect(await apply(FILE)).toMatchObject({ ...NO_CHANGE, err: '' });
    expect((await workspace.ingest('github', '{}')).status).toBe(401);
  });

  it('keeps whole numbers beyond 2^53 digit for digit, there and back', async () => {
    const yaml =
      'sources: { a: }\ndestinations: { b: { type: inbox } }\nmappings: { c: { source: a, destination: b, template: { n: 9007199254740993 } } }';
    expect(await apply(yaml)).toMatchObject({ exitCode: 0, out: expect.stringContaining('{"n":9007199254740993}') });
    expect(await apply(yaml)).toMatchObject(NO_CHANGE);
    const exported = await cli(['export']);
    expect(exported.out).toContain('n: 9007199254740993\n');
    expect(await apply(exported.out)).toMatchObject(NO_CHANGE);
    const set = await cli(['mappings', 'set', 'c', '--template', '{"n":12345678901234567890}', '--json']);
    expect(set.out).toContain('"n": 12345678901234567890');
  });

  it('changes nothing the second time however little is said', async () => {
    const yaml =
      'sources: { a: }\ndestinations: { b: { type: inbox } }\nmappings: { c: { source: a, destination: b } }';
    expect(await apply(yaml)).toMatchObject({ exitCode: 0, err: 'Done: 3 created.\n' });
    expect(await apply(yaml)).toMatchObject(NO_CHANGE);
  });

  it('a URL of another server takes the declared secrets along; a made one has to be declared', async () => {
    await apply(FILE);
    const moved = FILE.replace('127.0.0.1:9999/', '127.0.0.1:9998/');
    const refused = await apply(moved);
    expect(refused).toMatchObject({ exitCode: 2, err: expect.stringMatching(/secrets.*write them anew/) });
    const declared = moved.replace('    retry_schedule', '    secrets: [{ env: HOOK_SECRET }]\n    retry_schedule');
    const HOOK_SECRET = `whsec_${Buffer.alloc(24, 'k').toString('base64')}`;
    const { out, err } = await apply(declared, [], { env: { ...env, HOOK_SECRET } });
    expect(out).toContain('~ destination hook\n');
    expect(out).toContain('headers: (not shown)');
    expect(err).toBe('Done: 1 changed.\n');
    expect(await apply(declared, [], { env: { ...env, HOOK_SECRET } })).toMatchObject(NO_CHANGE);
  });

  it('changes what differs; what is no longer said goes back to its default', async () => {
    await apply(FILE);
    const changed = FILE.replace('"opened"', '"closed"').replace('    max_body_bytes: 1000000\n', '');
    const { out, err } = await apply(changed);
    expect(out).toBe(
      [
        '~ source github',
        '  - max_body_bytes: 1000000',
        '  + max_body_bytes: 0',
        '~ mapping github to alerts',
        '  - filter: "body.action == \\"opened\\"\\n"',
        '  + filter: "body.action == \\"closed\\"\\n"',
        '',
      ].join('\n'),
    );
    expect(err).toBe('Done: 2 changed.\n');
    expect(await apply(changed)).toMatchObject(NO_CHANGE);
  });

  it('leaves what was disabled, and secrets that the file does not name, as they are', async () => {
    await apply(FILE);
    const [alerts, hook] = await list('destinations');
    await workspace.api('PATCH', `/destinations/${alerts.id}`, { enabled: false });
    expect(await apply(FILE)).toMatchObject(NO_CHANGE);
    expect((await list('destinations'))[1].secrets).toEqual(hook.secrets);
    expect((await apply(FILE.replace('type: discord', 'type: discord\n    enabled: true'))).out).toContain(
      '~ destination alerts\n  - enabled: false\n  + enabled: true\n',
    );
  });

  it('a new secret is written, and not shown, even if its mask is that of the old one; the same is not', async () => {
    await apply(FILE);
    const changed = { exitCode: 0, out: '~ source github\n  ~ secrets: (not shown)\n' };
    for (const secret of ['another-that-must-stay-one', 'short', 'brief']) {
      const options = { env: { ...env, GITHUB_SECRET: secret } };
      expect(await apply(FILE, [], options)).toMatchObject(changed);
      expect(await apply(FILE, [], options)).toMatchObject(NO_CHANGE);
    }
    const telegram = (token: string) =>
      `destinations:\n  t: { type: telegram, url: 'https://api.telegram.org/bot1:${token}/sendMessage?chat_id=-1001234' }`;
    const run = (token: string) => apply(telegram(token), ['--dry-run']);
    await apply(telegram('AAAAAAAAAAAAAAAAAAAA'));
    expect(await run('AAAAAAAAAAAAAAAAAAAA')).toMatchObject(NO_CHANGE);
    expect((await run('BBBBBBBBBBBBBBBBBBBB')).out).toBe('~ destination t\n  ~ url: (not shown)\n');
  });

  it('a secret that is rotated in goes before the kept one, and is written once', async () => {
    const list = (text: string) => `sources: { s: { verification: github, secrets: [${text}] } }\n`;
    const options = { env: { OLD: SECRET, NEW: 'a-new-one-that-must-stay-one' } };
    await apply(list('{ env: OLD }'), [], options);
    const rotated = list('{ env: NEW }, { env: GONE, kept: ••••-one }');
    expect((await apply(rotated, [], options)).out).toBe('~ source s\n  ~ secrets: (not shown)\n');
    expect(await apply(rotated, [], options)).toMatchObject(NO_CHANGE);
    expect(await apply(list('{ env: NEW }, { env: OLD }'), [], options)).toMatchObject(NO_CHANGE);
  });

  it.each([
    ['sources:\n  a:\n    verificaton: github', 3, 'sources/a/verificaton is unknown here; known are: name, enabled'],
    ['sources:\n  a: {}\n\n  b:\n    max_body_bytes: many', 5, 'sources/b/max_body_bytes must be integer'],
    ['sources:\n  a:\n    extract:\n      t: body..x', 3, 'sources/a/extract is no valid expression. In "t": '],
    ['sources:\n  A b: {}', 2, 'sources/A b/name must match'],
    ['sources:\n  a:\n    secrets:\n      - plain', 4, 'sources/a/secrets/0 holds a secret itself'],
    [
      'sources:\n  a:\n    secrets:\n      - { env: NOT_SET }',
      4,
      'needs the environment variable NOT_SET, which is not set',
    ],
    ['sources:\n  a:\n    secrets: [{ file: nowhere }]', 3, "names the file nowhere, which can't be read (ENOENT)"],
    ['sources:\n  a:\n    secrets: [{ env: A, x: 1 }]', 3, 'is no reference'],
    ['sources:\n  a:\n    secrets: [{ env: NOT_SET, kept: •••• }]', 3, 'needs the environment variable NOT_SET'],
    ['sources:\n  a:\n    secrets: [••••]', 3, 'keeps ••••, but no such secret is stored'],
    ['sources:\n  a:\n    name: b', 3, 'sources/a/name is unknown here'],
    ['sources:\n  a: {}\n  a: {}', 3, 'Map keys must be unique'],
    ['sources: [a]', 1, 'sources must be a map of names to fields'],
    ['\nsource: {}', 2, 'source is unknown here; known are: account, sources'],
    ['destinations:\n  d: {}', 2, 'destinations/d/type is required'],
    ['mappings:\n  m:\n    source: a\n    destination: b', 3, 'mappings/m/source is a, but there is no such source'],
    ['mappings:\n  m: { source: a, filter: "1 +" }', 2, 'mappings/m/filter is no valid expression'],
    ['a: [', 2, 'Flow sequence'],
    ['- a', 1, 'write a map of'],
  ])('refuses %j with the line %d', async (yaml, line, message) => {
    const { exitCode, out, err } = await apply(`${yaml}\n`, ['--prune', '--yes']);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toMatch(/^pockethook: Nothing was changed: /);
    expect(
      err.split('\n').find((text) => text.includes(`pockethook.yaml:${line}: `) && text.includes(message)),
    ).toBeDefined();
    expect(await list('sources')).toEqual([]);
  });

  it('names every mistake at once, in order, and a file that is not there', async () => {
    const { err } = await apply('sources:\n  a: { x: 1 }\n  b: { y: 2, event_type: "(" }\n');
    expect(err).toMatch(/3 things are wrong with the file\.\n.*:2: .*\n.*:3: .*\n.*:3: .*\n$/);
    expect(await cli(['apply', '/nowhere.yaml'])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('ENOENT'),
    });
  });

  it('deletes only with --prune, only kinds that are in the file, and only when told so', async () => {
    await apply(FILE);
    const less = 'sources:\n  github: { verification: github }\ndestinations:\n  hook: { type: inbox }\n';
    const dry = await apply(less, ['--dry-run']);
    expect(dry.err).toContain(
      'left as they are (--prune deletes them): mapping github to alerts; destination alerts\n',
    );
    const flags = ['--prune'];
    const gone = '- mapping github to alerts\n- destination alerts\n';
    expect(await apply(less, [...flags, '--dry-run'])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining(gone),
    });
    expect(await apply(less, flags)).toMatchObject({ exitCode: 2, err: expect.stringContaining('add --yes') });
    expect(await apply(less, flags, { answer: false })).toMatchObject({ exitCode: 1 });
    expect(await namesOf('destinations')).toEqual(['alerts', 'hook']);
    expect(await apply(less, flags, { answer: true })).toMatchObject({ exitCode: 0 });
    expect(await namesOf('destinations')).toEqual(['hook']);
    expect(await namesOf('mappings')).toEqual(['github to hook']);
    expect(await apply('mappings: {}\n', ['--prune', '--yes'])).toMatchObject({ exitCode: 0 });
    expect(await namesOf('mappings')).toEqual([]);
    expect(await namesOf('sources')).toEqual(['github']);
  });

  it('says what was done when the API refuses something; the corrected file goes on from there', async () => {
    const refused = FILE.replace('http://127.0.0.1:9999/hook', 'http://10.0.0.1/hook');
    const { exitCode, err } = await apply(refused);
    expect(exitCode).toBe(2);
    expect(err).toContain('create destination hook: validation_failed, correlation id ');
    const line = refused.split('\n').findIndex((text) => text.includes('10.0.0.1')) + 1;
    expect(err).toMatch(new RegExp(`^ {2}\\S+:${line}: destinations/hook/url \\S`, 'm'));
    expect(err).not.toContain('/url:');
    expect(err).toContain('Done before that: create source github; create destination alerts.');
    const healed = await apply(FILE);
    expect(healed).toMatchObject({ exitCode: 0, err: expect.stringContaining('Done: 3 created.') });
    expect(healed.out).not.toContain('source github\n  +');
  });

  it('exports a file without secrets: here it changes nothing, elsewhere it asks for them', async () => {
    await apply(FILE);
    const exported = await cli(['export']);
    expect(exported.exitCode).toBe(0);
    expect(exported.out).toContain('      - env: SOURCE_GITHUB_SECRET\n        kept: ••••-one\n');
    expect(exported.err).toContain('Elsewhere, give the secrets in: SOURCE_GITHUB_SECRET, DESTINATION_ALERTS_URL, ');
    expect(exported.out).not.toContain('must-stay-one');
    expect(await apply(exported.out, ['--prune', '--yes'], { env: {} })).toMatchObject({
      ...NO_CHANGE,
      err: '',
    });

    await apply('sources: {}\ndestinations: {}\n', ['--prune', '--yes']);
    expect(await list('mappings')).toEqual([]);
    expect((await apply(exported.out, [], { env: {} })).err).toContain('SOURCE_GITHUB_SECRET');
    const given = {
      SOURCE_GITHUB_SECRET: SECRET,
      DESTINATION_ALERTS_URL: URL,
      DESTINATION_HOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      DESTINATION_HOOK_HEADER_X_KEY: SECRET,
    };
    expect(await apply(exported.out, [], { env: given })).toMatchObject({ exitCode: 0, err: 'Done: 5 created.\n' });
    expect(await apply(FILE)).toMatchObject(NO_CHANGE);
    expect((await cli(['export'])).out.replace(/kept: .*/g, '')).toBe(exported.out.replace(/kept: .*/g, ''));
  });

  it("a user's file is about their own account, without naming it", async () => {
    const { id: account } = await workspace.pb.collection('accounts').create({ name: 'own' });
    const user = { email: 'admin@example.com', password: 'a password of some length' };
    await workspace.pb
      .collection('users')
      .create({ ...user, passwordConfirm: user.password, account, role: 'admin', verified: true });
    const response = await fetch(`${workspace.app.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(user),
    });
    const { token } = (await response.json()) as { token: string };
    const options = { env: { ...env, POCKETHOOK_TOKEN: token } };
    await apply('destinations: { kept: { type: inbox } }');
    expect(await apply(FILE, ['--prune', '--yes'], options)).toMatchObject({ exitCode: 0 });
    expect(await apply(FILE, [], options)).toMatchObject(NO_CHANGE);
    expect((await list('mappings')).map((mapping: { account: string }) => mapping.account)).toEqual([account, account]);
    expect(await namesOf('destinations')).toEqual(['kept', 'alerts', 'hook']);
    expect(await apply(`account: default\n${FILE}`, [], options)).toMatchObject({ exitCode: 3 });
  });

  const WATCHED = `
destinations:
  inbox: { type: inbox }
  hook: { type: http, url: 'http://127.0.0.1:9999/hook', notifications: true, description: for the shop }
sites:
  www.Example.com: { timezone: Europe/Berlin }
  The shop: { domain: shop.example.com }
goals:
  example.com/Signup: { event_name: Signup, currency: EUR }
  The shop/Signup: { event_name: Join }
  Paid: { site: shop.example.com, page_path: /paid/** }
triggers:
  example.com/Signups: { type: goal_completion, goal: Signup, destinations: [inbox, hook] }
  The shop/Signups: { type: goal_completion, goal: shop.example.com/Signup, notify: summary, window: 1h }
  Quiet: { site: The shop, type: visitor_drop, relative_threshold: 0.5, quiet_hours: { from: '22:00', to: '07:00' } }
`;

  it('sites, goals and triggers: two sites may have some of one name, and domains stand for sites', async () => {
    const first = await apply(WATCHED);
    expect(first).toMatchObject({ exitCode: 0, err: expect.stringContaining('Done: 10 created.\n') });
    expect(first.out).toContain('+ trigger www.Example.com/Signups\n');
    const [example, shop] = await list('sites');
    expect([example.domain, shop.domain, shop.name]).toEqual(['example.com', 'shop.example.com', 'The shop']);
    const goals = await list('goals');
    expect(goals.map(({ name, site }: { name: string; site: string }) => [name, site])).toEqual([
      ['Signup', example.id],
      ['Signup', shop.id],
      ['Paid', shop.id],
    ]);
    const destinations = (await list('destinations')).map(({ id }: { id: string }) => id);
    expect(await list('triggers')).toEqual([
      expect.objectContaining({ name: 'Signups', site: example.id, goal: goals[0].id, destinations }),
      expect.objectContaining({ name: 'Signups', site: shop.id, goal: goals[1].id }),
      expect.objectContaining({ name: 'Quiet', site: shop.id }),
    ]);
    expect(await apply(WATCHED)).toMatchObject({ ...NO_CHANGE, err: '' });

    const exported = await cli(['export']);
    expect(exported.out).toContain(
      '  The shop/Signups:\n    type: goal_completion\n    enabled: true\n    goal: Signup\n',
    );
    expect(exported.out).toContain('  www.Example.com:\n    domain: example.com\n    timezone: Europe/Berlin\n');
    expect(exported.out).toContain('    notifications: true\n');
    expect(await apply(exported.out, ['--prune', '--yes'], { env: {} })).toMatchObject({ ...NO_CHANGE, err: '' });
    const second = exported.out.replace('event_name: Join', 'event_name: Enter');
    expect((await apply(second, [], { env: {} })).out).toBe(
      '~ goal The shop/Signup\n  - event_name: "Join"\n  + event_name: "Enter"\n',
    );
    const less = 'sites:\n  www.Example.com: {}\ngoals: {}\ntriggers: {}\n';
    expect((await apply(less, ['--prune', '--yes'])).out).toContain('- goal The shop/Paid\n');
    expect(await namesOf('sites')).toEqual(['www.Example.com']);
    expect(await list('triggers')).toEqual([]);
  });

  it.each([
    ['goals:\n  Signup: { event_name: a }', 2, 'goals/Signup/site is required'],
    ['goals:\n  a.example/S: { event_name: a }', 2, 'goals/a.example/S/site is a.example, but there is no such site'],
    [
      'sites: { a.example: }\ngoals:\n  a.example/S: { event_name: a }\n  S: { site: a.example, event_name: b }',
      4,
      'goals/S is there twice: a.example/S',
    ],
    [
      'sites: { a.example: , b.example: }\ngoals: { b.example/S: { event_name: a } }\ntriggers:\n  a.example/T: { type: goal_completion, goal: S }',
      4,
      'triggers/a.example/T/goal is S, but there is no such goal; there are: b.example/S',
    ],
    [
      'webhooks:\n  w: {}',
      1,
      'webhooks is unknown here; a webhook is one of the destinations, with notifications: true',
    ],
  ])('refuses %j of sites with the line %d', async (yaml, line, message) => {
    const { exitCode, err } = await apply(`${yaml}\n`);
    expect({ exitCode, at: err.split('\n').filter((text) => text.includes(message)) }).toEqual({
      exitCode: 2,
      at: [expect.stringContaining(`pockethook.yaml:${line}: `)],
    });
  });

  it('takes the file of docs/cli.md', async () => {
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'docs/cli.md'), 'utf8')) ?? [];
    writeFileSync(join(folder, 'billing.token'), SECRET);
    const { exitCode, out } = await apply(yaml, ['--dry-run'], { env: { SHOP_SECRET: SECRET } });
    expect(exitCode).toBe(0);
    expect(out.match(/^\+ .*$/gm)).toEqual([
      ...['+ source shop', '+ destination billing', '+ mapping shop to billing', '+ site shop.example.com'],
      ...['+ goal shop.example.com/Purchase', '+ trigger shop.example.com/Purchases'],
    ]);
  });

  it('exports one source with what belongs to it', async () => {
    await apply(`${FILE}`);
    await apply('sources: { other: }\ndestinations: { inbox: { type: inbox } }\n');
    const { out } = await cli(['export', '--source', 'other']);
    expect(out).toBe('sources:\n  other:\n    enabled: true\ndestinations: {}\nmappings: {}\n');
  });

  it('keeps to one account', async () => {
    const { id } = await workspace.pb.collection('accounts').create({ name: 'tenant' });
    const yaml = 'destinations:\n  hook: { type: inbox, enabled: true }\n';
    await apply(yaml);
    await apply(`account: tenant\n${yaml}`);
    expect((await list('destinations')).map(({ account }: { account: string }) => account === id)).toEqual([
      false,
      true,
    ]);
    await apply('account: tenant\ndestinations: {}\n', ['--prune', '--yes']);
    expect((await list('destinations')).map(({ account }: { account: string }) => account === id)).toEqual([false]);
    const theirs = await cli(['export', '--account', 'tenant']);
    expect(theirs).toMatchObject({ exitCode: 0, err: '' });
    expect(theirs.out).toContain('account: tenant\n');
    expect(await apply(`account: nobody\n${yaml}`)).toMatchObject({ exitCode: 3 });
  });
});
