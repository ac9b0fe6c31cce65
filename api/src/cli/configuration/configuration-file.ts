import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { KIND_NAMES } from '../../kinds/index.ts';
import type { Kind } from '../api/names.ts';
import { contentOf, EXACT } from '../terminal/yaml.ts';

/** One record as the file declares it. */
export interface Declaration {
  kind: Kind;
  /** What the file calls it; the full name, once the whole file and the installation are known (full-names.ts). */
  name: string;
  /** Where it stands in the file. */
  key: string;
  /** With unresolved references to secrets; references to other records are names. */
  fields: Record<string, unknown>;
}

/** An error in the file, with a message for people. */
export interface Mistake {
  line: number;
  message: string;
}

export interface ConfigurationFile {
  /** The account's name; undefined if the file doesn't say. */
  account: string | undefined;
  /** The kinds that the file contains, even if their lists are empty. */
  kinds: Kind[];
  declarations: Declaration[];
  /** The line of a path; if it doesn't exist, that of its innermost existing part. */
  lineOf(path: (string | number)[]): number;
  mistakes: Mistake[];
}

/** Parses a file for `apply`: `account` and, for each kind, name → fields. Anything else is reported as a mistake. */
export function parseConfigurationFile(text: string): ConfigurationFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...EXACT, lineCounter: lines });
  const file: ConfigurationFile = {
    account: undefined,
    kinds: [],
    declarations: [],
    lineOf: (path) => lineOf(path, document.contents),
    mistakes: document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, message })),
  };
  if (file.mistakes.length === 0) readFile(contentOf(document) ?? {}, file);
  return file;

  function lineOf(path: (string | number)[], contents: unknown): number {
    let line = 1;
    let node = contents;
    for (const key of path) {
      if (isAlias(node)) node = node.resolve(document);
      const pair = isMap(node)
        ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
        : undefined;
      const place = pair ? pair.key : isSeq(node) ? node.items[Number(key)] : undefined;
      if (!place) break;
      line = lines.linePos((place as Node).range?.[0] ?? 0).line;
      node = pair ? pair.value : place;
    }
    return line;
  }
}

/** What is called otherwise in files. */
const UNKNOWN: Record<string, string> = {
  webhooks: 'a webhook is one of the destinations, with notifications: true',
};

function readFile(content: unknown, file: ConfigurationFile): void {
  const mistake = (path: string[], message: string) => file.mistakes.push({ line: file.lineOf(path), message });
  if (!isObject(content)) {
    mistake([], `write a map of ${KIND_NAMES.join(', ')}`);
    return;
  }
  for (const [key, value] of Object.entries(content)) {
    const kind = KIND_NAMES.find((kind) => kind === key);
    if (key === 'account') {
      if (typeof value === 'string') file.account = value;
      else mistake([key], 'account must be a name');
    } else if (!kind)
      mistake([key], `${key} is unknown here; ${UNKNOWN[key] ?? `known are: account, ${KIND_NAMES.join(', ')}`}`);
    else if (value !== null && !isObject(value)) mistake([key], `${key} must be a map of names to fields`);
    else readKind(kind, value ?? {}, file, mistake);
  }
}

function readKind(
  kind: Kind,
  records: Record<string, unknown>,
  file: ConfigurationFile,
  mistake: (path: string[], message: string) => void,
): void {
  file.kinds.push(kind);
  for (const [name, fields] of Object.entries(records)) {
    if (fields !== null && !isObject(fields)) mistake([kind, name], `${kind}/${name} must be a map of fields`);
    else if (fields && 'name' in fields)
      mistake([kind, name, 'name'], `${kind}/${name}/name is unknown here; its name stands before the colon`);
    else file.declarations.push({ kind, name, key: name, fields: fields ?? {} });
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
