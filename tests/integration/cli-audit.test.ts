import { describeWithServices } from '../support/services.ts';
import { until } from '../support/until.ts';
import { type Run, runCli } from '../unit/cli/support.ts';
import { openWorkspace, type RoutedRecords, type Workspace } from './workspace.ts';

describeWithServices('audit and rejections on the command line', () => {
  let workspace: Workspace;
  let route: RoutedRecords;

  beforeAll(async () => {
    workspace = await openWorkspace();
    const source = { verification: 'bearer', secrets: ['a secret nobody may see'] };
    route = await workspace.route({ source, destination: { type: 'inbox' } });
  });
  afterAll(() => workspace?.stop());

  async function cli(...args: string[]): Promise<Run> {
    const { email, password } = workspace.pocketbase;
    const env = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: email, POCKETBASE_ADMIN_PASSWORD: password };
    const run = await runCli([...args, '--url', workspace.app.url], { env });
    expect(run.out + run.err).not.toContain('nobody may see');
    return run;
  }
  const cursorOf = ({ err }: Run) => /^There are more: add --cursor (\S+)$/m.exec(err)?.[1] ?? '';

  it('lists who changed what, newest first, page by page', async () => {
    const { destinationId: id, source } = route;
    await workspace.api('PATCH', `/destinations/${id}`, { max_concurrency: 3, ordered: true });
    const first = await cli('audit', 'ls', '--subject', id, '--limit', '1');
    expect(first.out).toMatch(/^WHEN +WHO +VIA +ACTION +NAME +CHANGED +SUBJECT\n/);
    const changed = '(max_concurrency, ordered|ordered, max_concurrency)';
    expect(first.out).toMatch(
      new RegExp(
        `\\n\\S.*  operator:${workspace.pocketbase.email}  api  destination.update  ${source}  ${changed} +${id}\\n$`,
      ),
    );
    const second = await cli('audit', 'ls', '--subject', id, '--cursor', cursorOf(first));
    expect(second).toMatchObject({ exitCode: 0, err: '' });
    expect(second.out).toContain('destination.create');
    expect(second.out).not.toContain('destination.update');
  });

  it.each([
    [['--action', 'source.create'], 'source.create', 'destination.create'],
    [['--kind', 'source'], 'source.create', 'destination.create'],
    [['--since', '1h'], 'destination.create', 'nothing else'],
  ])('filters the audit by %j', async (flags, present, absent) => {
    const { out } = await cli('audit', 'ls', ...flags);
    expect(out).toContain(present);
    expect(out).not.toContain(absent);
  });

  it.each([
    [['audit', 'ls', '--to', '1h'], 0, 'Nothing of that kind is on record.'],
    [['audit', 'ls', '--actor', 'user:nobody@example.com'], 0, 'Nothing of that kind is on record.'],
    [['audit', 'ls', '--since', 'yesterday'], 2, '"yesterday" is no time'],
    [['audit', 'ls', '--cursor', 'nonsense'], 2, 'code validation_failed'],
    [['rejections', 'ls', '--source', 'nothing'], 3, 'There is no source "nothing"'],
    [['rejections', 'ls', '--limit', '0'], 2, 'Write a number from 1 to 10000'],
  ])('%j exits %d', async (args, exitCode, text) => {
    const run = await cli(...args);
    expect(run).toMatchObject({ exitCode, out: '', err: expect.stringContaining(text) });
  });

  it('gives programs the whole answer', async () => {
    const { data } = JSON.parse((await cli('audit', 'ls', '--json', '--action', 'destination.update')).out);
    expect(data).toMatchObject([{ subject: route.destinationId, detail: { changes: { ordered: { to: true } } } }]);
  });

  it('lists what was refused, with what to correct', async () => {
    const other = await workspace.route({
      source: { verification: 'bearer', secrets: ['another secret'] },
      destination: { type: 'inbox' },
    });
    for (const source of [route.source, other.source]) expect((await workspace.ingest(source, '{}')).status).toBe(401);
    await until('both rejections', async () => {
      const { body } = await workspace.api('GET', '/rejections');
      return body.data.length === 2 ? body : undefined;
    });
    const list = await cli('rejections', 'ls', '--source', other.source);
    expect(list).toMatchObject({ exitCode: 0, err: '' });
    expect(list.out).toMatch(
      new RegExp(`^RECEIVED +SOURCE +REASON +DETAIL\n.*${other.source}  signature_missing  \\S.*\n$`),
    );
    const first = await cli('rejections', 'ls', '--limit', '1');
    const second = await cli('rejections', 'ls', '--cursor', cursorOf(first));
    expect((first.out + second.out).match(/signature_missing/g)).toHaveLength(2);
    const { data } = JSON.parse((await cli('rejections', 'ls', '--json', '--source', route.sourceId)).out);
    expect(data).toMatchObject([{ source: route.sourceId, code: 'invalid_signature' }]);
  });
});
