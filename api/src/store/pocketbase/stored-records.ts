import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { KIND_NAMES, KINDS, type KindName, kindOf, type RecordTypes, type SecretForm } from '../../kinds/index.ts';
import { flag, text } from '../../kinds/kind.ts';
import type { UnreadableRecord } from '../../model/configuration.ts';
import { type Decrypt, UnopenedSecret } from './secrets.ts';

/** A record as the config route gives it: secrets as ciphertext. */
export interface RawRecord {
  id: string;
  /** Fields that hold no value of their type; absent: none. */
  malformed?: string[];
  [field: string]: unknown;
}

export interface Readings<T> {
  records: T[];
  /** A record that can't be used costs itself only. */
  unreadable: UnreadableRecord[];
}

const owned = { id: text, account: text, name: text, enabled: flag };
const ajv = new Ajv({ allowUnionTypes: true });

/** Whatever else there is belongs to another version. */
const shapes = Object.fromEntries(
  KIND_NAMES.map((kind) => {
    const properties = { ...owned, ...KINDS[kind].fields };
    return [kind, ajv.compile({ type: 'object', properties, required: Object.keys(properties) })];
  }),
) as Record<KindName, ValidateFunction>;

/** Reads the stored records of one kind, their secrets opened. */
export function readRecords<K extends KindName>(
  kind: K,
  rows: RawRecord[],
  decrypt: Decrypt,
): Readings<RecordTypes[K]> {
  const readings: Readings<RecordTypes[K]> = { records: [], unreadable: [] };
  const fits = shapes[kind];
  for (const stored of rows) {
    const row = withNulls(kind, stored);
    const [malformed] = row.malformed ?? [];
    if (malformed) {
      readings.unreadable.push(toUnreadable(kind, row, `${malformed} holds no value of its type: write it anew.`));
    } else if (!fits(row)) {
      readings.unreadable.push(toUnreadable(kind, row, misfit(fits.errors?.[0])));
    } else {
      try {
        readings.records.push({ ...row, ...openSecrets(kind, row, decrypt) } as object as RecordTypes[K]);
      } catch (fault) {
        if (!(fault instanceof UnopenedSecret)) throw fault;
        readings.unreadable.push(toUnreadable(kind, row, fault.message));
        if (!kindOf(kind).readWithoutSecrets) continue;
        readings.records.push({ ...row, ...withoutSecrets(kind), sealed: fault.message } as object as RecordTypes[K]);
      }
    }
  }
  return readings;
}

/** A form that leaves a JSON field empty stores an empty text. */
function withNulls(kind: KindName, stored: RawRecord): RawRecord {
  const row = { ...stored };
  for (const [field, schema] of Object.entries(kindOf(kind).fields))
    if (row[field] === '' && (schema as { type?: unknown[] }).type?.includes('null')) row[field] = null;
  return row;
}

type Open = (stored: string) => string;

/** What a field of each form holds, its secrets opened. */
const OPEN: Record<SecretForm, (value: never, open: Open) => unknown> = {
  list: (value: string[] | '' | null, open) => (value || []).map(open),
  map: (value: Record<string, string> | null, open) =>
    value && Object.fromEntries(Object.entries(value).map(([name, secret]) => [name, open(secret)])),
  text: (value: string, open) => open(value),
};

const NOTHING: Record<SecretForm, unknown> = { list: [], map: null, text: '' };

/** @throws UnopenedSecret */
export function openSecrets(kind: KindName, record: { id: string }, decrypt: Decrypt): Record<string, unknown> {
  const open = ([field, form]: [string, SecretForm]) => {
    const place = { collection: kind, record: record.id, field };
    return [field, OPEN[form](record[field as 'id'] as never, (secret) => decrypt(secret, place))];
  };
  return Object.fromEntries(Object.entries(kindOf(kind).secrets).map(open));
}

function withoutSecrets(kind: KindName): Record<string, unknown> {
  return Object.fromEntries(Object.entries(kindOf(kind).secrets).map(([field, form]) => [field, NOTHING[form]]));
}

/** The rules of shapes are about one field each; its value is never repeated. */
function misfit(error: ErrorObject | undefined): string {
  const field = error?.instancePath.split('/')[1] ?? String(error?.params.missingProperty ?? 'a field');
  return error?.keyword === 'enum'
    ? `${field} holds a value that this version does not know: choose another, or run the version that knows it.`
    : `${field} ${error?.message ?? 'does not fit'}: write it anew.`;
}

function toUnreadable(kind: KindName, row: RawRecord, problem: string): UnreadableRecord {
  const { singular, references } = kindOf(kind);
  const textOf = (field: string) => (typeof row[field] === 'string' ? row[field] : '');
  const endOf = (field: string) => (field in references ? textOf(field) : '');
  return {
    ...{ kind: singular, id: textOf('id'), name: textOf('name'), enabled: row.enabled !== false, problem },
    ...{ source: endOf('source'), destination: endOf('destination') },
  };
}
