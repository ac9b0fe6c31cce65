import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/pocketbase.ts';
import { startFlags } from '../support/start-flags.ts';

/**
 * Builds what the images build, from what the Dockerfiles copy and .dockerignore leaves, and from nothing else: a file that a build
 * needs and that isn't copied is found without a container engine.
 */
const STAGES: [dockerfile: string, stage: string, makes: string[]][] = [
  [
    'api/Dockerfile',
    'build',
    ['api/dist/main.js', 'api/dist/pockethook.js', 'api/dist/console/index.html', 'api/dist/openapi.json'],
  ],
  ['pocketbase/Dockerfile', 'hooks', ['pocketbase/pb_hooks/generated']],
];

const run = promisify(execFile);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pockethook-image-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each(STAGES)('%s: the stage %s has what it needs', async (dockerfile, stage, makes) => {
  const { copies, commands } = readStage(dockerfile, stage);
  for (const { from, to } of copies) await copy(from, join(folder, to));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const command of commands) await run('sh', ['-c', command], { cwd: folder });
  for (const path of makes) expect([path, existsSync(join(folder, path))]).toEqual([path, true]);
});

test('the API is run as `npm start` runs it', () => {
  const [, command = '[]'] = /^CMD (.*)$/m.exec(readFileSync(join(ROOT, 'api/Dockerfile'), 'utf8')) ?? [];
  expect(JSON.parse(command)).toEqual(['node', ...startFlags(ROOT), 'api/dist/main.js']);
});

/** What a stage copies from the context, and the commands that it runs after its packages were installed. */
function readStage(dockerfile: string, stage: string) {
  const text = readFileSync(join(ROOT, dockerfile), 'utf8').replaceAll('\\\n', ' ');
  const lines =
    text
      .split(/^FROM /m)
      .find((part) => new RegExp(`^\\S+ AS ${stage}\\n`).test(part))
      ?.split('\n') ?? [];
  const after = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const copies = after('COPY').flatMap((rest) => {
    const paths = rest.split(' ');
    const to = paths.pop() ?? '.';
    return paths.map((from) => ({ from, to: to.endsWith('/') ? join(to, from) : to }));
  });
  const commands = after('RUN').filter((command) => !command.includes('npm ci'));
  if (copies.length === 0 || commands.length === 0)
    throw new Error(`${dockerfile} has no stage ${stage} with COPY and RUN`);
  return { copies, commands };
}

/** Copies what git tracks, as far as .dockerignore lets it into the context. */
async function copy(from: string, to: string): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', from], {
    cwd: ROOT,
  });
  const files = stdout.split('\0').filter((file) => file !== '' && isInContext(file));
  if (files.length === 0) throw new Error(`COPY ${from}: not in the context, see .dockerignore`);
  for (const file of files) {
    const target = join(to, relative(from, file));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(ROOT, file), target);
  }
}

/** .dockerignore: nothing but the lines with an exclamation mark, which name whole files and folders. */
function isInContext(file: string): boolean {
  const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  return lines.some((line) => line.startsWith('!') && (file === line.slice(1) || file.startsWith(`${line.slice(1)}/`)));
}
