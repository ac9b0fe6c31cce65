import type { Schemas } from '../../../client/schemas.ts';
import { numberOf, numberText, pairLines, pairsOf } from '../app/form-texts.ts';

type Source = Schemas['Source'];

/** What is edited of a source: texts, as typed. */
export interface Draft {
  eventType: string;
  dedupeKey: string;
  /** A field a line: "name: expression". */
  extract: string;
  rateLimit: string;
  maxBodyBytes: string;
  /** A new secret in the place of those of now; empty: they stay. */
  secret: string;
}

export function draftOf({ event_type, dedupe_key, extract, rate_limit, max_body_bytes }: Source): Draft {
  return {
    eventType: event_type ?? '',
    dedupeKey: dedupe_key ?? '',
    extract: pairLines(extract),
    rateLimit: numberText(rate_limit),
    maxBodyBytes: numberText(max_body_bytes),
    secret: '',
  };
}

/** Only the fields that differ: others may have been changed meanwhile by somebody else. */
export function changesOf(before: Draft, after: Draft): Schemas['SourceChanges'] {
  const differs = (name: keyof Draft) => before[name] !== after[name];
  return {
    ...(differs('eventType') && { event_type: after.eventType.trim() }),
    ...(differs('dedupeKey') && { dedupe_key: after.dedupeKey.trim() }),
    ...(differs('extract') && { extract: pairsOf(after.extract) }),
    ...(differs('rateLimit') && { rate_limit: numberOf(after.rateLimit) }),
    ...(differs('maxBodyBytes') && { max_body_bytes: numberOf(after.maxBodyBytes) }),
    ...(differs('secret') && { secrets: [after.secret.trim()] }),
  };
}

/** A name that fits the URL, from a vendor's: "Cal.com" becomes cal-com. */
export function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
}
