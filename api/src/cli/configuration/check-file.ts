import { stringifyJson } from '../../../client/json.ts';
import { checkRecord } from '../../kinds/check-expressions.ts';
import { kindOf } from '../../kinds/index.ts';
import { Problem } from '../../model/problems.ts';
import { type Kind, singularOf } from '../api/names.ts';
import { partsOf } from '../api/wording.ts';
import { type End, endsOf, type Installed, mapEnds, secretFieldsOf } from './changes.ts';
import type { ConfigurationFile, Declaration, Mistake } from './configuration-file.ts';
import type { RecordContract } from './contract.ts';
import { ownName, withFullNames } from './full-names.ts';
import { resolveReferences, type SecretSources } from './references.ts';

type Path = (string | number)[];
type Report = (path: Path, message: string) => void;

export interface CheckedFile {
  /** With references to secrets resolved. */
  declarations: Declaration[];
  /** Sorted by line. Nothing may be written if there are any. */
  mistakes: Mistake[];
}

/** Checks the file before anything is written: fields, references, expressions, names. */
export function checkFile(
  file: ConfigurationFile,
  { checks }: Pick<RecordContract, 'checks'>,
  installed: Installed,
  secrets: Omit<SecretSources, 'isStored'>,
): CheckedFile {
  const mistakes: Mistake[] = [];
  const named = withFullNames(file.declarations, installed);
  const declarations = named.map((declaration, index) => {
    const { kind, name, key } = declaration;
    const report: Report = (path, message) =>
      mistakes.push({
        line: file.lineOf([kind, key, ...path]),
        message: `${[kind, key, ...path].join('/')} ${message}`,
      });
    if (named.some((other, before) => before < index && other.kind === kind && other.name === name))
      report([], `is there twice: ${name}`);
    const given = resolveReferences(declaration, { ...secrets, isStored: isStoredAt(declaration, installed) }, report);
    const fields = { ...given, ...kindOf(kind).complete?.(given) };
    checkFields({ kind, name, fields }, checks, report);
    checkExpressions(kind, fields, report);
    checkEnds({ kind, fields }, named, installed, report);
    return { kind, name, key, fields };
  });
  return { declarations, mistakes: mistakes.sort((a, b) => a.line - b.line) };
}

/** Placeholder for the id of another record, to which the file refers by name: in a list, each is another. */
const anyId = ([, index = 0]: End['path']): string => String(index).padStart(15, '0');

function checkFields(
  { kind, name, fields }: Omit<Declaration, 'key'>,
  checks: RecordContract['checks'],
  report: Report,
): void {
  const body = { ...mapEnds(kind, fields, ({ path }) => anyId(path)), name: ownName(kind, name) };
  if ('account' in fields)
    report(['account'], 'is unknown here; the whole file belongs to one account, named at its top');
  try {
    checks[kind]({ params: {}, query: {}, body });
  } catch (fault) {
    if (!(fault instanceof Problem)) throw fault;
    for (const { field, message } of fault.errors ?? []) report(partsOf(field), message);
  }
}

function checkExpressions(kind: Kind, fields: Record<string, unknown>, report: Report): void {
  const schemas = kindOf(kind).fields as Record<string, { type?: unknown }>;
  const text = (field: string) => (typeof fields[field] === 'string' ? fields[field] : '');
  const json = (field: string) => (fields[field] === undefined ? 'null' : stringifyJson(fields[field]));
  const read = (field: string) => (schemas[field]?.type === 'string' ? text(field) : json(field));
  for (const [field, message] of Object.entries(checkRecord(kind, read)))
    report([field], `is no valid expression. ${message}`);
}

/** Whether the existing record shows this mask; false if the record doesn't exist. */
function isStoredAt({ kind, name }: Declaration, installed: Installed): (mask: string) => boolean {
  const stored = installed[kind].find((record) => record.name === name);
  const shown = new Set(stored ? secretFieldsOf(kind).flatMap((field) => textsOf(stored[field])) : []);
  return (mask) => shown.has(mask);
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

function checkEnds(
  { kind, fields }: Pick<Declaration, 'kind' | 'fields'>,
  declared: Declaration[],
  installed: Installed,
  report: Report,
): void {
  for (const end of endsOf(kind, fields)) {
    const known = [...declared.filter((declaration) => declaration.kind === end.kind), ...installed[end.kind]];
    const names = new Set(known.map(({ name }) => name));
    if (names.has(end.name)) continue;
    const singular = singularOf(end.kind);
    const message = `is ${end.name}, but there is no such ${singular}; there are: ${[...names].join(', ') || 'none'}`;
    report(end.path as Path, message);
  }
}
