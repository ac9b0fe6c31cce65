import { checkMapping, checkSource } from '../../expressions/hooks.ts';
import { Problem } from '../../model/problems.ts';
import { type Kind, SINGULAR } from '../api/names.ts';
import { type Installed, SECRET_FIELDS } from './changes.ts';
import type { ConfigurationFile, Declaration, Mistake } from './configuration-file.ts';
import type { RecordContract } from './contract.ts';
import { resolveReferences, type SecretSources } from './references.ts';

type Path = (string | number)[];
type Report = (path: Path, message: string) => void;

export interface CheckedFile {
  /** With their secrets in place. */
  declarations: Declaration[];
  /** By line; nothing may be written unless there are none. */
  mistakes: Mistake[];
}

/** Checks all that can be known before anything is written: fields, references, expressions, names. */
export function checkFile(
  file: ConfigurationFile,
  { checks }: Pick<RecordContract, 'checks'>,
  installed: Installed,
  secrets: Omit<SecretSources, 'isStored'>,
): CheckedFile {
  const mistakes: Mistake[] = [];
  const declarations = file.declarations.map((declaration) => {
    const { kind, name } = declaration;
    const report: Report = (path, message) =>
      mistakes.push({
        line: file.lineOf([kind, name, ...path]),
        message: `${[kind, name, ...path].join('/')} ${message}`,
      });
    const fields = resolveReferences(
      declaration.fields,
      { ...secrets, isStored: isStoredAt(declaration, installed) },
      report,
    );
    checkFields({ kind, name, fields }, checks, report);
    checkExpressions(kind, fields, report);
    if (kind === 'mappings') checkEnds(fields, [...file.declarations, ...allOf(installed)], report);
    return { kind, name, fields };
  });
  return { declarations, mistakes: mistakes.sort((a, b) => a.line - b.line) };
}

/** Stands for the ids of a mapping's ends, which the file names. */
const ANY_ID = '0'.repeat(15);

function checkFields({ kind, name, fields }: Declaration, checks: RecordContract['checks'], report: Report): void {
  const ends = kind === 'mappings' ? { source: ANY_ID, destination: ANY_ID } : {};
  const given = Object.keys(ends).filter((end) => typeof fields[end] === 'string');
  const body = { ...fields, ...Object.fromEntries(given.map((end) => [end, ANY_ID])), name };
  if ('account' in fields)
    report(['account'], 'is unknown here; the whole file belongs to one account, named at its top');
  try {
    checks[kind]({ params: {}, query: {}, body });
  } catch (fault) {
    if (!(fault instanceof Problem)) throw fault;
    for (const { field, message } of fault.errors ?? [])
      report(field.split('/').slice(1).map(unescapePointer), message);
  }
}

const unescapePointer = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~');

function checkExpressions(kind: Kind, fields: Record<string, unknown>, report: Report): void {
  const text = (field: string) => (typeof fields[field] === 'string' ? fields[field] : '');
  const json = (field: string) => (fields[field] === undefined ? 'null' : JSON.stringify(fields[field]));
  const problems =
    kind === 'sources'
      ? checkSource({ event_type: text('event_type'), dedupe_key: text('dedupe_key'), extract: json('extract') })
      : kind === 'mappings'
        ? checkMapping({ filter: text('filter'), template: json('template') })
        : {};
  for (const [field, message] of Object.entries(problems)) report([field], `is no valid expression. ${message}`);
}

/** Whether a record shows this mask; none does that is not installed. */
function isStoredAt({ kind, name }: Declaration, installed: Installed): (mask: string) => boolean {
  const stored = installed[kind].find((record) => record.name === name);
  const shown = new Set(stored ? SECRET_FIELDS.flatMap((field) => textsOf(stored[field])) : []);
  return (mask) => shown.has(mask);
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

function checkEnds(fields: Record<string, unknown>, known: Pick<Declaration, 'kind' | 'name'>[], report: Report): void {
  for (const kind of ['sources', 'destinations'] as const) {
    const name = fields[SINGULAR[kind]];
    const names = new Set(known.filter((record) => record.kind === kind).map((record) => record.name));
    if (typeof name !== 'string' || names.has(name)) continue;
    report(
      [SINGULAR[kind]],
      `is ${name}, but there is no such ${SINGULAR[kind]}; there are: ${[...names].join(', ') || 'none'}`,
    );
  }
}

function allOf(installed: Installed): Pick<Declaration, 'kind' | 'name'>[] {
  return (['sources', 'destinations'] as const).flatMap((kind) => installed[kind].map(({ name }) => ({ kind, name })));
}
