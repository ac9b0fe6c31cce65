import { spawnSync } from 'node:child_process';
import { PATH, SKIPS_NOTHING } from '../../support/environment.ts';
import { runCli } from './support.ts';

/** What the shell does when Tab is pressed, without its editor. */
const ASK: Record<string, (words: string[]) => string> = {
  bash: (words) => `COMP_WORDS=(${words.map(quoted).join(' ')}); COMP_CWORD=${words.length - 1}
_pockethook; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (words) => `words=(${words.map(quoted).join(' ')}); CURRENT=${words.length}; _pockethook`,
  fish: (words) => `complete -C ${quoted(words.join(' '))} | string replace -r '\\t.*' ''`,
};

/** Zsh's completion system needs a terminal; these stand for the parts of it that the script calls. */
const PRELUDE: Record<string, string> = {
  bash: '',
  zsh: 'compdef() { :; }; compadd() { shift; local w; for w; do [[ $w == ${words[CURRENT]}* ]] && print -r -- $w; done; true }\n',
  fish: '',
};

/** What a person has set up for their shell is not part of this. */
const NO_SETTINGS: Record<string, string> = { bash: '--norc', zsh: '--no-rcs', fish: '--no-config' };

const quoted = (text: string) => `'${text}'`;
/** Where a shell is missing its tests are skipped; .ci/run installs all three, so there it is a failure. */
const isExpected = (shell: string) => SKIPS_NOTHING || spawnSync(shell, ['-c', 'true']).status === 0;

describe.each(['bash', 'zsh', 'fish'])('completion %s', (shell) => {
  (isExpected(shell) ? it : it.skip).each([
    [['ev'], ['events']],
    [
      ['events', ''],
      ['ls', 'show', 'tail'],
    ],
    [['events', 'ls', '--so'], ['--source']],
    [['--json', 'deliveries', 're'], ['retry']],
    [['apply', '--p'], ['--prune']],
    [['audit', 'ls', '--su'], ['--subject']],
    [['rejections', 'ls', '--so'], ['--source']],
    [['destinations', 'resume', 'x', '--ra'], ['--rate']],
    [['destinations', 'set', 'x', '--retry'], ['--retry-schedule']],
    [['mappings', 'create', 'x', '--temp'], ['--template']],
    [['deliveries', 'cancel', '--st'], ['--state']],
    [['completion', '--u'], ['--url']],
  ])('%j', async (words, expected) => {
    const { exitCode, out } = await runCli(['completion', shell]);
    expect(exitCode).toBe(0);
    const script = `${PRELUDE[shell]}${out}\n${ASK[shell]?.(['pockethook', ...words])}`;
    const { stdout, stderr } = spawnSync(shell, [NO_SETTINGS[shell] ?? '', '-c', script], {
      encoding: 'utf8',
      env: { PATH },
    });
    expect(stderr).toBe('');
    const proposed = stdout.trim().split('\n');
    if (words.at(-1) === '') expect(proposed).toEqual(expect.arrayContaining(expected));
    else expect(proposed).toEqual(expected);
  });
});

it('refuses another shell', async () => {
  const run = await runCli(['completion', 'tcsh']);
  expect(run).toMatchObject({ exitCode: 2, out: '' });
  expect(run.err).toContain('Allowed choices are bash, zsh, fish');
});

it('every command shows examples in its help', async () => {
  const commandsOf = async (path: string[]): Promise<string[][]> => {
    const { out } = await runCli([...path, '--help']);
    const listed = /\nCommands:\n((?: {2}.*\n)+)/.exec(out)?.[1] ?? '';
    const names = [...listed.matchAll(/^ {2}([a-z]\S*)/gm)].flatMap(([, name]) =>
      name && name !== 'help' ? [name] : [],
    );
    if (names.length === 0) return [path];
    return (await Promise.all(names.map((name) => commandsOf([...path, name])))).flat();
  };
  const commands = await commandsOf([]);
  expect(commands.length).toBeGreaterThan(15);
  for (const path of commands) {
    const { out } = await runCli([...path, '--help']);
    expect({ path, examples: out.includes(`Examples:\n  $ `) && out.includes(`pockethook ${path[0]}`) }).toEqual({
      path,
      examples: true,
    });
  }
});
