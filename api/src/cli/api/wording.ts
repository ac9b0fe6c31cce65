import type { Schemas } from '../../../client/schemas.ts';
import { visibleLine } from '../terminal/visible.ts';

/** Rewrites the API's messages for the command line: fields become flags, HTTP calls become commands. */
export interface Wording {
  /** Rewrites a field of a problem: `/filter` and `query/limit` become `--filter` and `--limit` if there is such a flag. */
  field(pointer: string): string;
  /** Rewrites a sentence: `` `account` `` becomes `--account`, `POST /api/v1/events/ID/replay` `pockethook replay ID`. */
  sentence(text: string): string;
}

export interface WordingDeps {
  /** How this program was called: `npx pockethook` or `pockethook`. */
  program: string;
  /** Flags of the command being run: `--filter`. */
  flags: readonly string[];
  /** Arguments of the command being run: `name`. */
  args: readonly string[];
}

/** HTTP calls that messages of the API recommend (tests/unit/cli/wording.test.ts finds all), with the equivalent commands. */
const COMMANDS: [call: RegExp, command: string][] = [
  [/POST \/api\/v1\/events\/([a-z0-9]+)\/replay/g, 'replay $1'],
  [/POST \/api\/v1\/session/g, 'keys create NAME'],
  [/GET \/docs/g, '--help'],
];

/** Global flags: a field of the same name gets its kind as a prefix, `--destination-url`. */
export const GLOBAL_FLAGS: readonly string[] = ['url', 'json'];

/** Fields whose flags have shorter names. */
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

/** Splits a JSON pointer: `/extract/a~1b` → `extract`, `a/b`. Path and query parameters are named alone. */
export function partsOf(pointer: string): string[] {
  const parts = pointer.replace(/^(query|path)?\//, '').split('/');
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The messages of a problem without duplicates: its detail may repeat the first error. */
export function problemLines({ detail, errors = [] }: Schemas['Problem'], { field, sentence }: Wording): string[] {
  const lines = errors.map((error) => `${field(error.field)} ${sentence(error.message)}`);
  const [first] = errors;
  const repeats = first !== undefined && detail.includes(first.message);
  if (repeats && errors.length === 1) return lines;
  const heading = repeats ? `${errors.length} things are wrong:` : sentence(detail);
  return [heading, ...lines.map((line) => `  ${line}`)];
}
