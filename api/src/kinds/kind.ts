import type { CheckField } from '../expressions/record-fields.ts';
import type { RandomBytes } from '../model/new-secret.ts';

/** JSON Schema of a stored field: what this code relies on, never stricter than the checks of a save. */
export type FieldSchema = object;

/** How a field stores its secrets; the forms of pocketbase/internal/secrets/fields.go. */
export type SecretForm = 'list' | 'map' | 'text';

/** A part of the configuration that is read by itself: an edit in one costs the others nothing. */
export type ViewName = 'gateway' | 'notifications';

/** The fields of every configuration record. */
export interface OwnedRecord {
  id: string;
  account: string;
  name: string;
  enabled: boolean;
}

/** The kind's own stored fields. Optional fields are left out: those are set in memory only. */
type OwnField<T> = Exclude<{ [F in keyof T]-?: object extends Pick<T, F> ? never : F }[keyof T], keyof OwnedRecord>;

/**
 * Describes one kind of configuration record: a collection that people edit and that accounts own. The PocketBase service
 * has the same description (pocketbase/internal/rules/kind.go); both are tested against tests/shared/kinds.json.
 */
export interface Kind<T extends OwnedRecord> {
  /** The name in the contract's operations and schemas (`createSource`, `NewSource`), in lower case: `source`. */
  singular: string;
  /** The part of the configuration that its records are read with. */
  view: ViewName;
  /** The field that refers to the parent record, within which names are unique. Absent: they are unique in the account. */
  within?: OwnField<T> & string;
  /** The field that a record without a name is called after: commands and files take its value for a name. */
  nameFrom?: OwnField<T> & string;
  fields: { [F in OwnField<T> & string]: FieldSchema };
  /** The fields that are encrypted at rest and masked. */
  secrets: { [F in keyof T & string]?: SecretForm };
  /** The check of each field that holds expressions. */
  expressions: { [F in keyof T & string]?: CheckField };
  /** The fields that refer to other records, with their kinds. */
  references: { [F in keyof T & string]?: string };
  /** Generates a secret for a new record without one; undefined if it needs none. */
  makeSecret?(fields: Partial<T>, randomBytes: RandomBytes): string | undefined;
  /** Adds the fields that follow from others of a new record, or of a change, and aren't given. */
  complete?(given: Partial<T>): Partial<T>;
  /** Whether a record whose secrets can't be decrypted is loaded all the same, without them and with `sealed` set. */
  readWithoutSecrets?: true;
  /** The field that decides which server gets the secrets: an edit of it must set them again (ADR 0014). */
  secretsGoTo?: keyof T & string;
  /** Texts for the help of the command line. */
  help: {
    about: string;
    /** An example of a name. */
    example: string;
    /** Examples for the command line: name and flags of a `create`, and flags for `set`. */
    create: string;
    set: string[];
    /** What pausing and resuming do; absent if the kind has pause and resume commands of its own. */
    pause?: [paused: string, resumed: string];
  };
}

export const text = { type: 'string' };
export const textOrNull = { type: ['string', 'null'] };
export const flag = { type: 'boolean' };
export const number = { type: 'number', minimum: 0 };
export const texts = { type: ['array', 'null'], items: text };
export const textByName = { type: ['object', 'null'], additionalProperties: text };
