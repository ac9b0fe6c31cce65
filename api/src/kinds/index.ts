import type { CheckField } from '../expressions/record-fields.ts';
import type { RandomBytes } from '../model/new-secret.ts';
import { DESTINATIONS } from './destination.ts';
import { GOALS } from './goal.ts';
import type { FieldSchema, Kind, SecretForm, ViewName } from './kind.ts';
import { MAPPINGS } from './mapping.ts';
import { SITES } from './site.ts';
import { SOURCES } from './source.ts';
import { TRIGGERS } from './trigger.ts';

export type { SecretForm, ViewName } from './kind.ts';

/** All kinds by collection, each after the kinds that it refers to. */
export const KINDS = {
  sources: SOURCES,
  destinations: DESTINATIONS,
  mappings: MAPPINGS,
  sites: SITES,
  goals: GOALS,
  triggers: TRIGGERS,
};

export type KindName = keyof typeof KINDS;

/** The record type of each kind. */
export type RecordTypes = { [K in KindName]: (typeof KINDS)[K] extends Kind<infer T> ? T : never };

export const KIND_NAMES = Object.keys(KINDS) as KindName[];

/** A kind without its record type, for code that treats all kinds alike. */
interface AnyKind extends Pick<Kind<never>, 'singular' | 'view' | 'help' | 'readWithoutSecrets'> {
  within?: string;
  nameFrom?: string;
  fields: Record<string, FieldSchema>;
  secrets: Record<string, SecretForm>;
  expressions: Record<string, CheckField>;
  references: Record<string, KindName>;
  secretsGoTo?: string;
  makeSecret?(fields: object, randomBytes: RandomBytes): string | undefined;
  complete?(given: object): object;
}

export function kindOf(name: KindName): AnyKind {
  return KINDS[name] as object as AnyKind;
}

/** Those of one part of the configuration. */
export function kindsOf(view: ViewName): KindName[] {
  return KIND_NAMES.filter((name) => KINDS[name].view === view);
}

/** The kind's name in the contract's operations and schemas: `Source`. */
export function schemaNameOf(name: KindName): string {
  return capitalized(KINDS[name].singular);
}

export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
