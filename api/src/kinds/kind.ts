import type { CheckField } from '../expressions/record-fields.ts';
import type { RandomBytes } from '../model/new-secret.ts';

/** JSON Schema of what a stored field holds: what this code relies on, and no more than a save asks for. */
export type FieldSchema = object;

/** Where a field holds its secrets; pocketbase/internal/secrets/fields.go has the same forms. */
export type SecretForm = 'list' | 'map' | 'text';

/** A part of the configuration that is read by itself: an edit in one costs the others nothing. */
export type ViewName = 'gateway' | 'notifications';

/** What every configuration record has. */
export interface OwnedRecord {
  id: string;
  account: string;
  name: string;
  enabled: boolean;
}

/** The fields that each record of a kind has besides those of every kind; what may be missing is made in memory. */
type OwnField<T> = Exclude<{ [F in keyof T]-?: object extends Pick<T, F> ? never : F }[keyof T], keyof OwnedRecord>;

/**
 * Describes one kind of configuration record: a collection that people edit and that accounts own. The PocketBase service
 * has the same description (pocketbase/internal/rules/kind.go); tests/shared/kinds.json holds both to it.
 */
export interface Kind<T extends OwnedRecord> {
  /** As the contract's operations and schemas are named, in lower case: `createSource`, `NewSource`. */
  singular: string;
  /** The part of the configuration that its records are read with. */
  view: ViewName;
  /** The field that names the record which this one belongs to: its name is unique there only. Absent: in its account. */
  within?: OwnField<T> & string;
  fields: { [F in OwnField<T> & string]: FieldSchema };
  /** The fields that are encrypted at rest and masked. */
  secrets: { [F in keyof T & string]?: SecretForm };
  /** What checks each field that holds expressions. */
  expressions: { [F in keyof T & string]?: CheckField };
  /** The fields that name other records, with their kinds. */
  references: { [F in keyof T & string]?: string };
  /** A secret for a new record that came without one; undefined if it needs none. */
  makeSecret?(fields: Partial<T>, randomBytes: RandomBytes): string | undefined;
  /** Whether a record whose secrets can't be opened is in force all the same: without them, and with `sealed`. */
  readWithoutSecrets?: true;
  /** The field that says which server gets the secrets: they are written anew when it changes (ADR 0014). */
  secretsGoTo?: keyof T & string;
  /** For the help of the command line. */
  help: {
    about: string;
    /** A name as one may have. */
    example: string;
    /** Name and flags of an example for `create` on the command line, and flags of some for `set`. */
    create: string;
    set: string[];
    /** What it means that one is paused, and resumed; absent: it has commands of its own. */
    pause?: [paused: string, resumed: string];
  };
}

export const text = { type: 'string' };
export const textOrNull = { type: ['string', 'null'] };
export const flag = { type: 'boolean' };
export const number = { type: 'number', minimum: 0 };
export const texts = { type: ['array', 'null'], items: text };
export const textByName = { type: ['object', 'null'], additionalProperties: text };
