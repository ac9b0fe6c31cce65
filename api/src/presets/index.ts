import type { SourceAnswer, VerificationOptions, VerificationScheme } from '../model/configuration.ts';
import { BUSINESS } from './business.ts';
import { CONTENT } from './content.ts';
import { DEVELOPMENT } from './development.ts';
import { GENERIC_EXPRESSIONS } from './expressions.ts';
import { MESSAGING } from './messaging.ts';
import { PAYMENTS } from './payments.ts';
import { PLATFORMS } from './platforms.ts';
import type { HandshakeName, Preset } from './preset.ts';

export type { HandshakeName, Preset } from './preset.ts';

/** All presets by name, in the order of their names. A source is made with one: `sources create NAME --preset zoom`. */
export const PRESETS: ReadonlyMap<string, Preset> = new Map(
  Object.entries({ ...DEVELOPMENT, ...PAYMENTS, ...MESSAGING, ...BUSINESS, ...PLATFORMS, ...CONTENT }).sort(
    ([a], [b]) => (a < b ? -1 : 1),
  ),
);

/** What applies to a source where its own fields are empty. */
export interface SourceDefaults {
  event_type: string;
  dedupe_key: string;
  /** Empty: a request is one event. */
  split: string;
  extract: Record<string, string>;
  handshake: HandshakeName | undefined;
  answer: SourceAnswer | undefined;
}

interface Named {
  preset: string;
  verification: VerificationScheme;
}

const GENERIC: SourceDefaults = { ...GENERIC_EXPRESSIONS, split: '', handshake: undefined, answer: undefined };

const DEFAULTS = new Map(
  [...PRESETS].map(([name, preset]): [string, SourceDefaults] => [
    name,
    {
      event_type: preset.event_type ?? GENERIC.event_type,
      dedupe_key: preset.dedupe_key ?? GENERIC.dedupe_key,
      split: preset.split ?? '',
      extract: preset.extract ?? GENERIC.extract,
      handshake: preset.handshake,
      answer: preset.answer,
    },
  ]),
);

/** Those of its preset; without one, of the preset that its verification scheme is named like, if there is such. */
export function defaultsOf({ preset, verification }: Named): SourceDefaults {
  return DEFAULTS.get(preset || verification) ?? GENERIC;
}

/**
 * The fields that follow from a source's preset when it is made, or given another one; what is given of them stays. None
 * without a preset.
 */
export function fieldsFromPreset(given: {
  preset?: string;
  verification?: VerificationScheme;
  verification_options?: VerificationOptions | null;
}): { verification?: VerificationScheme; verification_options?: VerificationOptions | null } {
  const preset = PRESETS.get(given.preset ?? '');
  if (!preset) return {};
  const verification = given.verification ?? preset.verification;
  const its = verification === preset.verification ? preset.verification_options : undefined;
  const { verification_options = its ?? null } = given;
  return { verification, verification_options };
}
