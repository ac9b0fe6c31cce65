import { Webhook } from 'standardwebhooks';
import { describeWithServices } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { CHROME } from '../support/user-agent.ts';
import { type Run, type RunOptions, runCli } from '../unit/cli/support.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

describeWithServices('sites, triggers and webhooks on the command line', () => {
  let workspace: Workspace;
  let sink: Sink;

  beforeAll(async () => {
    sink = await startSink({
      respond: ({ url }, response) => response.writeHead(url === '/refused' ? 500 : 204).end(),
    });
    workspace = await openWorkspace();
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  function run(options: RunOptions, ...args: string[]): Promise<Run> {
    const { email, password } = workspace.pocketbase;
    const env = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: email, POCKETBASE_ADMIN_PASSWORD: password };
    return runCli([...args, '--url', workspace.app.url], { ...options, env });
  }
  const cli = (...args: string[]) => run({}, ...args);
  const cliAt = (now: number, ...args: string[]) => run({ now }, ...args);
  const cliUntil = (signal: AbortSignal, onPrint: (text: string) => void, ...args: string[]) =>
    run({ signal, onPrint }, ...args);

  const secretOf = ({ out }: Run) => /^Its secret, shown this once: (whsec_\S+)$/m.exec(out)?.[1] ?? '';

  /** Which secrets the last request is signed with. */
  function signedWith(...secrets: string[]): boolean[] {
    const { body, headers } = sink.requests.at(-1) ?? { body: '', headers: {} };
    return secrets.map((secret) => {
      try {
        return new Webhook(secret).verify(body.toString(), headers as Record<string, string>) !== undefined;
      } catch {
        return false;
      }
    });
  }

  it('a webhook: its secret is shown once, rotated with an overlap, and another server gets another', async () => {
    const made = await cli('webhooks', 'create', 'alerts', '--webhook-url', `${sink.url}/a`, '--description', 'shop');
    expect(made).toMatchObject({ exitCode: 0, err: '', out: expect.stringMatching(/^The webhook alerts is made/) });
    const first = secretOf(made);
    await cli('sites', 'create', 'example.com');
    const spike = ['--type', 'visitor_spike', '--threshold', '5', '--destinations', 'alerts'];
    expect(await cli('triggers', 'create', 'example.com/Spike', ...spike)).toMatchObject({ exitCode: 0 });

    expect((await cli('webhooks', 'ls')).out).toMatch(/^alerts +ok +http:\S+\/a +example\.com +[a-z0-9]{15}$/m);
    const shown = await cli('webhooks', 'show', 'alerts');
    expect(shown.out).toMatch(/^state +ok$/m);
    expect(shown.out).toMatch(/^triggers +Spike\nsites +example.com$/m);
    expect(shown.out).not.toContain('whsec_');

    expect(await cli('webhooks', 'test', 'alerts')).toMatchObject({ exitCode: 0 });
    expect(signedWith(first)).toEqual([true]);
    const rotated = await cli('webhooks', 'rotate-secret', 'alerts', '--overlap', '1h');
    expect(rotated.out).toMatch(/^Requests are signed with the old one as well until \S+Z\.$/m);
    await cli('webhooks', 'test', 'alerts');
    const second = secretOf(rotated);
    expect(signedWith(first, second)).toEqual([true, true]);
    const third = secretOf(await cli('webhooks', 'rotate-secret', 'alerts', '--overlap', '0s'));
    await cli('webhooks', 'test', 'alerts');
    expect(signedWith(first, second, third)).toEqual([false, false, true]);
    expect(await cli('webhooks', 'rotate-secret', 'alerts', '--overlap', '8d')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--overlap must be a duration from 0s to 7d'),
    });

    const moved = await cli('webhooks', 'set', 'alerts', '--webhook-url', sink.url.replace('127.0.0.1', 'localhost'));
    expect(secretOf(moved)).toMatch(/^whsec_/);
    expect((await cli('webhooks', 'set', 'alerts', '--name', 'others')).out).toBe('Set name of the webhook others.\n');
    expect((await cli('webhooks', 'pause', 'others')).out).toMatch(/^Paused\. /);
    expect((await cli('webhooks', 'show', 'others')).out).toMatch(/^state +paused$/m);
    expect((await cli('webhooks', 'resume', 'others')).exitCode).toBe(0);
    expect(await cli('webhooks', 'delete', 'others', '--yes')).toMatchObject({
      exitCode: 0,
      out: 'The webhook others is deleted.\n',
    });
    expect(await cli('webhooks', 'show', 'others')).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('There is no webhook "others". There are no webhooks yet.'),
    });
  });

  async function hit(domain: string, browser: string): Promise<void> {
    const response = await fetch(`${workspace.app.url}/api/event`, {
      method: 'POST',
      headers: { 'user-agent': browser },
      body: JSON.stringify({ name: 'pageview', url: `https://${domain}/`, domain }),
    });
    expect(response.status).toBe(202);
  }

  it('hits arrive: their numbers can be followed, of sites with why some are dropped', async () => {
    const stop = new AbortController();
    await cli('sites', 'create', 'counted.example');
    await hit('counted.example', CHROME);
    let printed = '';
    let sent = false;
    const sum = (of: RegExp) => [...printed.matchAll(of)].reduce((total, [, count]) => total + Number(count), 0);
    const followed = await cliUntil(
      stop.signal,
      (text) => {
        printed += text;
        const hits = sum(/ counted\.example {2}(\d+) hits?/g);
        if (hits === 2 && sum(/(\d+) dropped \(bot\)/g) === 1 && printed.includes('no site of that domain'))
          stop.abort();
        if (sent || !printed.includes('Waiting for hits')) return;
        sent = true;
        const browsers = [CHROME, `${CHROME} Edg/2`, 'curl/8'];
        void Promise.all(browsers.map((one) => hit('counted.example', one))).then(() =>
          hit('of-nobody.example', CHROME),
        );
      },
      ...['hits', 'tail'],
    );
    expect(followed).toMatchObject({ exitCode: 0, out: expect.stringMatching(/, [12] visitors? in 5 minutes\n/) });

    expect((await cli('sites', 'ls')).out).toMatch(
      /^counted\.example +yes +counted\.example +2 visitors in 5 minutes, last hit/m,
    );
    expect((await cli('sites', 'show', 'counted.example')).out).toMatch(/^hits +2 visitors .*, dropped since: bot 1$/m);
    expect(await cli('sites', 'test', 'counted.example')).toMatchObject({ exitCode: 0 });
    await cli('sites', 'create', 'quiet.example');
    await cli('triggers', 'create', 'quiet.example/Unheard', '--type', 'visitor_spike', '--threshold', '5');
    expect(await cli('sites', 'test', 'quiet.example')).toMatchObject({
      exitCode: 1,
      out: 'no hit yet\n',
      err: expect.stringContaining('Is the tracker on the page, with the domain quiet.example?'),
    });
    const doctor = await cli('doctor');
    expect(doctor.out).toMatch(
      /^✓ sites: 3 of 3 are enabled, none is silent; no hit yet: example\.com, quiet\.example$/m,
    );
    expect(doctor.out).toMatch(/^✗ triggers: nobody is told: example\.com\/Spike, quiet\.example\/Unheard$/m);
    // A site that is not new any more.
    const days = 3 * 24 * 3_600_000;
    const late = await cliAt(Date.now() + days, 'doctor');
    expect(late.out).toMatch(/✗ sites: .*quiet\.example never had a hit/);
  });

  it('a trigger is tested by the way of every firing, and stays as it is', async () => {
    await cli('sites', 'create', 'tested.example');
    await cli('destinations', 'create', 'tested', '--type', 'http', '--destination-url', `${sink.url}/tested`);
    const spike = ['--type', 'visitor_spike', '--threshold', '40', '--destinations', 'tested'];
    await cli('triggers', 'create', 'tested.example/Spike', ...spike);
    const before = (await cli('triggers', 'show', 'tested.example/Spike', '--json')).out;
    const tested = await cli('triggers', 'test', 'tested.example/Spike');
    expect(tested).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^The test is event \w{15}\.\ntested: delivered/),
    });
    const request = sink.requests.find(({ url }) => url === '/tested');
    expect(JSON.parse(request?.body.toString() ?? '{}')).toMatchObject({
      type: 'visitor.spike',
      test: true,
      value: 40,
      threshold: 40,
    });
    const event = /event (\w{15})/.exec(tested.out)?.[1] ?? '';
    expect((await workspace.api('GET', `/events/${event}`)).body).toMatchObject({
      type: 'visitor.spike',
      extracted: { test: true },
    });
    const { state: _, ...after } = JSON.parse((await cli('triggers', 'show', 'tested.example/Spike', '--json')).out);
    expect(JSON.parse(before)).toMatchObject(after);

    await cli('destinations', 'set', 'tested', '--destination-url', `${sink.url}/refused`);
    expect(await cli('triggers', 'test', 'tested.example/Spike')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('1 of 1 did not get it yet'),
    });
    expect(await cli('triggers', 'test', 'quiet.example/Unheard')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('The trigger has nobody to tell'),
    });
  });

  it('a goal says whether a hit would complete it', async () => {
    await cli('goals', 'create', 'tested.example/Thanks', '--page-path', '/shop/*/thanks');
    const test = (...args: string[]) => cli('goals', 'test', 'tested.example/Thanks', ...args);
    expect(await test('/shop/42/thanks')).toMatchObject({ exitCode: 0, out: 'It completes the goal.\n' });
    expect(await test('/shop/thanks')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('/shop/thanks does not fit /shop/*/thanks'),
    });
    expect(await test('--event', 'Signup')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('this is an event named "Signup"'),
    });
    expect(await test('--prop', 'nonsense')).toMatchObject({ exitCode: 2 });
    expect(await test('--revenue', '12 euros')).toMatchObject({ exitCode: 2 });
  });

  it('destinations that are no webhooks are none of theirs', async () => {
    await cli('destinations', 'create', 'inbox', '--type', 'inbox');
    expect(await cli('webhooks', 'show', 'inbox')).toMatchObject({ exitCode: 3 });
  });
});
