import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import { KIND_NAMES, kindOf } from '../../kinds/index.ts';
import { type Kind, singularOf } from '../api/names.ts';
import type { CommandContext } from '../context.ts';
import { visible } from '../terminal/visible.ts';
import { type Installed, mapEnds, type Shown, secretFieldsOf } from './changes.ts';
import { isObject } from './configuration-file.ts';
import { type RecordContract, readRecordContract } from './contract.ts';
import { ownName } from './full-names.ts';
import { DEFAULT_ACCOUNT, findAccount, readInstalled } from './installation.ts';
import { isMask } from './references.ts';

export interface ExportFlags {
  source?: string[];
  account?: string;
}

/** `export`: writes a file for `apply`, without secrets. */
export async function exportConfiguration(
  flags: ExportFlags,
  { client, output, names, json }: CommandContext,
): Promise<void> {
  const account = await findAccount(client, flags.account);
  const [contract, installed] = await Promise.all([readRecordContract(client), readInstalled(client, account.id)]);
  const chosen = flags.source && (await Promise.all(flags.source.map((name) => names.idOf('sources', name))));
  const records: Partial<Installed> = chosen ? partOf(installed, chosen) : installed;
  const variables = createVariables();
  const file = {
    ...(account.name === DEFAULT_ACCOUNT ? {} : { account: account.name }),
    ...Object.fromEntries(
      KIND_NAMES.flatMap((kind) => {
        const those = records[kind];
        return those ? [[kind, declare(kind, those, contract, variables.name)]] : [];
      }),
    ),
  };
  if (json) return output.json(file, 2);
  output.line(visible(stringify(file, { lineWidth: 0 }).trimEnd()));
  if (variables.all.length > 0)
    output.note(`Elsewhere, give the secrets in: ${variables.all.join(', ')}. Here, what isn't set is kept.`);
}

/** Selects some sources, their mappings, and the destinations of those. */
function partOf(installed: Installed, ids: string[]): Partial<Installed> {
  const sources = installed.sources.filter(({ id }) => ids.includes(id));
  const mappings = installed.mappings.filter(({ source }) => sources.some(({ name }) => name === source));
  const leadTo = (name: string) => mappings.some(({ destination }) => destination === name);
  return { sources, destinations: installed.destinations.filter(({ name }) => leadTo(name)), mappings };
}

function declare(kind: Kind, records: Shown[], contract: RecordContract, variable: VariableName) {
  const defaults = contract.defaults[kind];
  const { within, nameFrom } = kindOf(kind);
  return Object.fromEntries(
    records.map((shown) => {
      const record = mapEnds(kind, shown, (end) => referenceTo(end, within && String(shown[within])));
      const isKey = (field: string) =>
        field === 'name' || field === within || (field === nameFrom && record[field] === record.name);
      const usual = { ...defaults, ...impliedBy(kind, record) };
      const named = contract.required[kind].filter((field) => !isKey(field));
      const fields = [...named, ...Object.keys(defaults)]
        .filter((field) => field in record && isWorthSaying(field, record[field], usual[field]))
        .map((field) => [field, declareField(kind, record, field, variable)]);
      return [record.name, Object.fromEntries(fields)];
    }),
  );
}

/** The fields that follow from others, as a source's verification does from its preset. */
function impliedBy(kind: Kind, record: Shown): Record<string, unknown> {
  const { complete } = kindOf(kind);
  const following = Object.keys(complete?.(record) ?? {});
  const others = Object.entries(record).filter(([field]) => !following.includes(field));
  return { ...complete?.(Object.fromEntries(others)) };
}

/** What belongs to the same parent needs its own name only. */
function referenceTo({ kind, name }: { kind: Kind; name: string }, parent: string | undefined): string {
  const { within } = kindOf(kind);
  return within !== undefined && parent !== undefined && name.startsWith(`${parent}/`) ? ownName(kind, name) : name;
}

function declareField(kind: Kind, record: Shown, field: string, variable: VariableName): unknown {
  const value = inOrder(record[field]);
  return secretFieldsOf(kind).includes(field)
    ? withoutSecrets(value, [singularOf(kind), record.name, field], variable)
    : value;
}

/** Sorts members of JSON values, whose order the API doesn't guarantee, so that equal configurations make equal files. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, inOrder(value[name])]));
}

/** Always writes `enabled`, which `apply` doesn't change if it is left out, and secrets if there are any. */
function isWorthSaying(field: string, value: unknown, usual: unknown): boolean {
  if (field === 'secrets') return Array.isArray(value) && value.length > 0;
  return field === 'enabled' || !isDeepStrictEqual(value, usual);
}

type VariableName = (parts: string[]) => string;

/** Replaces a mask by a reference to a variable; as long as that is not set, `apply` keeps the stored secret. */
function withoutSecrets(value: unknown, parts: string[], variable: VariableName): unknown {
  if (typeof value === 'string') return isMask(value) ? { env: variable(parts), kept: value } : value;
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, parts, variable));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([name, item]) => [name, withoutSecrets(item, [...parts, name], variable)]));
}

/** The variable's name, such as `DESTINATION_ALERTS_URL`; a number is added to duplicates. */
function createVariables() {
  const all: string[] = [];
  const name: VariableName = (parts) => {
    const plain = parts
      .join('_')
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '_')
      .replace(/SECRETS$/, 'SECRET')
      .replace('_HEADERS_', '_HEADER_');
    let free = plain;
    for (let number = 2; all.includes(free); number += 1) free = `${plain}_${number}`;
    all.push(free);
    return free;
  };
  return { all, name };
}
