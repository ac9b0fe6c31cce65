import type { Schemas } from '../../../client/schemas.ts';
import { visibleLine } from '../terminal/visible.ts';

/** How what the API says to programs is said on the command line: fields are flags, HTTP calls are commands. */
export interface Wording {
  /** A field as a problem names it: `/filter` and `query/limit` are `--filter` and `--limit` where there is such a flag. */
  field(pointer: string): string;
  /** A sentence: `` `account` `` is `--account`, `POST /api/v1/events/ID/replay` is `pockethook replay ID`. */
  sentence(text: string): string;
}

export interface WordingDeps {
  /** How the command line is called here: `npx pockethook` or `pockethook`. */
  program: string;
  /** Of the command that is run: `--filter`. */
  flags: readonly string[];
  /** Of the command that is run: `name`. */
  args: readonly string[];
}

/** The calls that texts of the API advise (tests/unit/cli/wording.test.ts finds them all), and the commands that do the same. */
const COMMANDS: [call: RegExp, command: string][] = [
  [/POST \/api\/v1\/events\/([a-z0-9]+)\/replay/g, 'replay $1'],
  [/POST \/api\/v1\/session/g, 'keys create NAME'],
  [/GET \/docs/g, '--help'],
];

/** Flags of the program itself: a field of the same name has what it belongs to before it, `--destination-url`. */
export const GLOBAL_FLAGS: readonly string[] = ['url', 'json'];

/** Flags that are shorter than their fields. */
const SHORT: Record<string, string> = { expires_at: '--expires' };

export function createWording({ program, flags, args }: WordingDeps): Wording {
  function flagOf(field: string): string | undefined {
    const flag = `--${field.replaceAll('_', '-')}`;
    const prefixed = GLOBAL_FLAGS.includes(field) ? flags.find((one) => one.endsWith(`-${field}`)) : undefined;
    return [flag, SHORT[field], flag.replace(/s$/, ''), prefixed].find(
      (one) => one !== undefined && flags.includes(one),
    );
  }

  return {
    field(pointer) {
      const [first = '', ...rest] = partsOf(pointer);
      if (first === '') return 'the request';
      const name = flagOf(first) ?? (args.includes(first) ? `<${first}>` : first);
      return visibleLine(name + rest.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join(''));
    },
    sentence(text) {
      const commands = COMMANDS.reduce((said, [call, command]) => said.replace(call, `${program} ${command}`), text);
      return visibleLine(commands.replace(/`([a-z_]+)`/g, (quoted, field) => flagOf(field) ?? quoted));
    },
  };
}

/** `/extract/a~1b` → `extract`, `a/b`; what stands in the path or the query is named by itself. */
export function partsOf(pointer: string): string[] {
  const parts = pointer.replace(/^(query|path)?\//, '').split('/');
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What was wrong, each thing once: the detail of a problem with errors may only repeat the first. */
export function problemLines({ detail, errors = [] }: Schemas['Problem'], { field, sentence }: Wording): string[] {
  const lines = errors.map((error) => `${field(error.field)} ${sentence(error.message)}`);
  const [first] = errors;
  const repeats = first !== undefined && detail.includes(first.message);
  if (repeats && errors.length === 1) return lines;
  const heading = repeats ? `${errors.length} things are wrong:` : sentence(detail);
  return [heading, ...lines.map((line) => `  ${line}`)];
}
