import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWording, problemLines } from '../../../api/src/cli/api/wording.ts';
import { json, runCli, startAnswerer } from './support.ts';

const API = join(import.meta.dirname, '../../../api/src');
const wording = createWording({
  program: 'npx pockethook',
  flags: [
    '--filter',
    '--limit',
    '--destination',
    '--expires',
    '--retry-schedule',
    '--secret',
    '--account',
    '--destination-url',
  ],
  args: ['name'],
});

describe('a field of the API on the command line', () => {
  it.each([
    ['/filter', '--filter'],
    ['query/limit', '--limit'],
    ['/destinations/0', '--destination[0]'],
    ['/expires_at', '--expires'],
    ['/retry_schedule/2', '--retry-schedule[2]'],
    ['/secrets', '--secret'],
    ['/name', '<name>'],
    ['/url', '--destination-url'],
    ['/verification_options/header', 'verification_options.header'],
    ['/extract/a~1b', 'extract.a/b'],
    ['/', 'the request'],
  ])('%s is %s', (pointer, name) => expect(wording.field(pointer)).toBe(name));
});

describe('a sentence of the API on the command line', () => {
  it.each([
    [
      'Send it again: POST /api/v1/events/mc2x8k1qpl0aa4z/replay',
      'Send it again: npx pockethook replay mc2x8k1qpl0aa4z',
    ],
    ['Leave `account` out.', 'Leave --account out.'],
    ['Leave `unknown` out.', 'Leave `unknown` out.'],
  ])('%s', (text, said) => expect(wording.sentence(text)).toBe(said));

  const advice = readdirSync(API, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('cli'))
    .flatMap((file) => readFileSync(join(API, file), 'utf8').split('\n'))
    .filter((line) => !/^\s*(\/?\*|\/\/)/.test(line))
    .flatMap((line) => line.match(/[`'].*\b(GET|POST|PATCH|DELETE) \/(?!ingest).*[`']/g) ?? []);

  it('is found wherever it advises a call', () => expect(advice.length).toBeGreaterThan(3));
  it.each(advice)('advises a command: %s', (text) => {
    const said = wording.sentence(text.replaceAll(/\$\{[^}]*\}/g, 'mc2x8k1qpl0aa4z'));
    expect(said).toContain('npx pockethook ');
    expect(said).not.toMatch(/\b(GET|POST|PATCH|DELETE) \//);
  });
});

describe('a refusal', () => {
  const problem = { type: '', title: '', status: 400, code: 'validation_failed', correlation_id: 'c-1' } as const;
  const limit = { field: 'query/limit', message: 'must be integer' };
  const name = { field: '/name', message: 'is required' };

  it.each([
    ['its detail', { detail: 'No such luck.' }, ['No such luck.']],
    ['its error, once', { detail: 'query/limit must be integer', errors: [limit] }, ['--limit must be integer']],
    ['both where they differ', { detail: 'Not now.', errors: [limit] }, ['Not now.', '  --limit must be integer']],
    [
      'each of its errors',
      { detail: 'query/limit must be integer (and 1 more)', errors: [limit, name] },
      ['2 things are wrong:', '  --limit must be integer', '  <name> is required'],
    ],
  ])('says %s', (_what, texts, lines) => expect(problemLines({ ...problem, ...texts }, wording)).toEqual(lines));

  it('names the flags of the command that was run', async () => {
    const errors = [{ field: '/expires_at', message: 'must be in the future' }];
    const api = await startAnswerer((_request, response) =>
      json(response, 400, { ...problem, detail: '/expires_at must be in the future', errors }),
    );
    const run = await runCli(['keys', 'create', 'ci', '--expires', '2020-01-01', '--url', api.url]);
    expect(run).toEqual({
      exitCode: 2,
      out: '',
      err: 'pockethook: --expires must be in the future\n  code validation_failed, correlation id c-1\n',
    });
    await api.close();
  });
});

it.each([
  [{ npm_command: 'exec' }, 'npx pockethook'],
  [{}, 'pockethook'],
])('advice can be pasted: %j', async (env, program) => {
  const api = await startAnswerer((_request, response) => json(response, 200, { data: [], next_cursor: null }));
  const { err } = await runCli(['keys', 'ls', '--url', api.url], { env });
  expect(err).toContain(`: ${program} keys create NAME\n`);
  await api.close();
});
