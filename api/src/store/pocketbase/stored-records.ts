import { Ajv, type ErrorObject } from 'ajv';
import {
  DESTINATION_TYPE_NAMES,
  type Destination,
  type Mapping,
  type Source,
  type UnreadableRecord,
  VERIFICATION_SCHEMES,
} from '../../model/configuration.ts';
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

/** JSON fields, where a form that leaves them empty stores an empty text. */
const EMPTY_IS_NULL = ['secrets', 'verification_options', 'extract', 'headers', 'retry_schedule'];

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const flag = { type: 'boolean' };
const number = { type: 'number', minimum: 0 };
const texts = { type: ['array', 'null'], items: text };
const textByName = { type: ['object', 'null'], additionalProperties: text };
const owned = { id: text, account: text, name: text, enabled: flag };

/** What this code relies on, and no more than a save asks for; whatever else there is belongs to another version. */
const ajv = new Ajv({ allowUnionTypes: true });
const shape = (properties: Record<string, object>) =>
  ajv.compile({ type: 'object', properties, required: Object.keys(properties) });

const fitsSource = shape({
  ...owned,
  verification: { enum: VERIFICATION_SCHEMES },
  verification_options: {
    type: ['object', 'null'],
    properties: {
      ...{ header: textOrNull, prefix: textOrNull, url: textOrNull },
      algorithm: { enum: ['sha1', 'sha256', 'sha512', null] },
      encoding: { enum: ['hex', 'base64', null] },
    },
  },
  secrets: texts,
  ...{ event_type: text, dedupe_key: text, extract: textByName, max_body_bytes: number, rate_limit: number },
});
const fitsDestination = shape({
  ...owned,
  type: { enum: DESTINATION_TYPE_NAMES },
  ...{ url: text, headers: textByName, secrets: texts, disabled_reason: text, paused: flag, ordered: flag },
  ...{ rate_limit: number, max_concurrency: number, retry_schedule: texts, timeout_ms: number },
});
const fitsMapping = shape({
  ...owned,
  source: text,
  destination: text,
  filter: text,
  template: {},
  content_type: text,
});

export function readSources(rows: RawRecord[], decrypt: Decrypt): Readings<Source> {
  return read(rows, 'source', fitsSource, (row: Source) => ({ ...row, secrets: secretsOf('sources', row, decrypt) }));
}

/** A destination whose secrets can't be opened is among the records as well, without them. */
export function readDestinations(rows: RawRecord[], decrypt: Decrypt): Readings<Destination> {
  const { records, unreadable } = read(rows, 'destination', fitsDestination, (row: Destination) =>
    openDestination(row, decrypt),
  );
  const sealed = records.filter((record) => record.sealed !== undefined);
  return {
    records,
    unreadable: [...unreadable, ...sealed.map((row) => toUnreadable('destination', { ...row }, row.sealed as string))],
  };
}

export function readMappings(rows: RawRecord[]): Readings<Mapping> {
  return read(rows, 'mapping', fitsMapping, (row: Mapping) => row);
}

function read<T>(
  rows: RawRecord[],
  kind: UnreadableRecord['kind'],
  fits: ReturnType<typeof shape>,
  open: (row: T) => T,
): Readings<T> {
  const readings: Readings<T> = { records: [], unreadable: [] };
  for (const stored of rows) {
    const row = { ...stored };
    for (const field of EMPTY_IS_NULL) if (row[field] === '') row[field] = null;
    const [malformed] = row.malformed ?? [];
    if (malformed) {
      readings.unreadable.push(toUnreadable(kind, row, `${malformed} holds no value of its type: write it anew.`));
    } else if (!fits(row)) {
      readings.unreadable.push(toUnreadable(kind, row, misfit(fits.errors?.[0])));
    } else {
      try {
        readings.records.push(open(row as T));
      } catch (fault) {
        if (!(fault instanceof UnopenedSecret)) throw fault;
        readings.unreadable.push(toUnreadable(kind, row, fault.message));
      }
    }
  }
  return readings;
}

function openDestination(row: Destination, decrypt: Decrypt): Destination {
  const place = { collection: 'destinations', record: row.id };
  try {
    return {
      ...row,
      url: decrypt(row.url, { ...place, field: 'url' }),
      headers: row.headers && openHeaders(row.headers, (value) => decrypt(value, { ...place, field: 'headers' })),
      secrets: secretsOf('destinations', row, decrypt),
    };
  } catch (fault) {
    if (!(fault instanceof UnopenedSecret)) throw fault;
    return { ...row, url: '', headers: null, secrets: [], sealed: fault.message };
  }
}

function openHeaders(headers: Record<string, string>, open: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, open(value)]));
}

/** A list that was emptied in a form is an empty text. */
export function secretsOf(
  collection: string,
  record: { id: string; secrets: string[] | '' | null },
  decrypt: Decrypt,
): string[] {
  return (record.secrets || []).map((secret) => decrypt(secret, { collection, record: record.id, field: 'secrets' }));
}

/** The rules of shapes are about one field each; its value is never repeated. */
function misfit(error: ErrorObject | undefined): string {
  const field = error?.instancePath.split('/')[1] ?? String(error?.params.missingProperty ?? 'a field');
  return error?.keyword === 'enum'
    ? `${field} holds a value that this version does not know: choose another, or run the version that knows it.`
    : `${field} ${error?.message ?? 'does not fit'}: write it anew.`;
}

function toUnreadable(kind: UnreadableRecord['kind'], row: Record<string, unknown>, problem: string): UnreadableRecord {
  const textOf = (field: string) => (typeof row[field] === 'string' ? row[field] : '');
  const [name, id] = [textOf('name'), textOf('id')];
  const ends = kind === 'mapping' ? [textOf('source'), textOf('destination')] : ['', ''];
  const [source = '', destination = ''] = ends;
  return { kind, id, name, enabled: row.enabled !== false, problem, source, destination };
}
