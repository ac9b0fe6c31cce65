import { parseJson, stringifyJson } from '../../../client/json.ts';
import type { Schemas } from '../../../client/schemas.ts';
import { differences, linesOf, numberOf, numberText, pairLines, pairsOf } from '../app/form-texts.ts';

type Source = Schemas['Source'];
export type Scheme = NonNullable<Source['verification']>;
type Options = NonNullable<Source['verification_options']>;
export type OptionName = keyof Options;
type Answer = NonNullable<Source['answer']>;

/** A source as its form has it: texts, as typed. */
export interface Draft {
  name: string;
  /** Empty: none. */
  preset: string;
  /** Empty: as the preset says, or none. */
  verification: Scheme | '';
  options: Readonly<Partial<Record<OptionName, string>>>;
  /** Masks of those that stay. */
  keptSecrets: readonly string[];
  /** A new one, which goes before those; empty: none. */
  secret: string;
  eventType: string;
  dedupeKey: string;
  split: string;
  /** A field a line: "name: expression". */
  extract: string;
  /** What producers are answered: by default, or an answer of its own. */
  answers: 'default' | 'own';
  answerStatus: string;
  answerType: string;
  answerBody: string;
  whenPaused: NonNullable<Source['when_paused']>;
  onMalformed: NonNullable<Source['on_malformed']>;
  /** One a line, as the next one. */
  corsOrigins: string;
  notRedacted: string;
  rateLimit: string;
  maxBodyBytes: string;
}

export const EMPTY: Draft = {
  name: '',
  preset: '',
  verification: '',
  options: {},
  keptSecrets: [],
  secret: '',
  eventType: '',
  dedupeKey: '',
  split: '',
  extract: '',
  answers: 'default',
  answerStatus: '',
  answerType: '',
  answerBody: '',
  whenPaused: 'retry',
  onMalformed: 'refuse',
  corsOrigins: '',
  notRedacted: '',
  rateLimit: '',
  maxBodyBytes: '',
};

export function draftOf(source: Source): Draft {
  const { answer, verification_options } = source;
  return {
    name: source.name,
    preset: source.preset,
    verification: source.verification,
    options: Object.fromEntries(Object.entries(verification_options ?? {}).map(([name, value]) => [name, value ?? ''])),
    keptSecrets: source.secrets,
    secret: '',
    eventType: source.event_type,
    dedupeKey: source.dedupe_key,
    split: source.split,
    extract: pairLines(source.extract),
    answers: answer ? 'own' : 'default',
    answerStatus: numberText(answer?.status),
    answerType: answer?.content_type ?? '',
    answerBody: textOfBody(answer?.body),
    whenPaused: source.when_paused,
    onMalformed: source.on_malformed,
    corsOrigins: (source.cors_origins ?? []).join('\n'),
    notRedacted: (source.not_redacted ?? []).join('\n'),
    rateLimit: numberText(source.rate_limit),
    maxBodyBytes: numberText(source.max_body_bytes),
  };
}

/** What the API is asked for: what differs from a source that nobody has said anything about, so that the preset gives the rest. */
export function bodyOf(draft: Draft): Omit<Schemas['NewSource'], 'account'> {
  return { name: draft.name.trim(), ...changesOf(EMPTY, draft) };
}

/** Only the fields that differ: others may have been changed meanwhile by somebody else. */
export function changesOf(before: Draft, after: Draft): Schemas['SourceChanges'] {
  return differences(fieldsOf(before), fieldsOf(after));
}

/** Every field as the API takes it; without a verification, what says how is left to the preset. */
export function fieldsOf(draft: Draft): Schemas['SourceChanges'] {
  const options = Object.entries(draft.options).filter(([, value]) => value.trim() !== '');
  const secrets = [draft.secret.trim(), ...draft.keptSecrets].filter(Boolean);
  return {
    name: draft.name.trim(),
    preset: draft.preset,
    ...(draft.verification !== '' && {
      verification: draft.verification,
      verification_options: options.length === 0 ? null : (Object.fromEntries(options) as Options),
    }),
    secrets,
    event_type: draft.eventType.trim(),
    dedupe_key: draft.dedupeKey.trim(),
    split: draft.split.trim(),
    extract: pairsOf(draft.extract),
    answer: answerOf(draft),
    when_paused: draft.whenPaused,
    on_malformed: draft.onMalformed,
    cors_origins: listOf(draft.corsOrigins),
    not_redacted: listOf(draft.notRedacted),
    rate_limit: numberOf(draft.rateLimit),
    max_body_bytes: numberOf(draft.maxBodyBytes),
  };
}

function listOf(lines: string): string[] | null {
  const list = linesOf(lines);
  return list.length === 0 ? null : list;
}

function answerOf({ answers, answerStatus, answerType, answerBody }: Draft): Answer | null {
  if (answers === 'default') return null;
  const contentType = answerType.trim();
  return {
    ...(answerStatus.trim() !== '' && { status: numberOf(answerStatus) }),
    ...(contentType !== '' && { content_type: contentType }),
    ...(answerBody !== '' && { body: bodyOfText(answerBody, contentType) as Answer['body'] }),
  };
}

/** JSON where it is some, unless the content type says that it is a text. */
function bodyOfText(text: string, contentType: string): unknown {
  if (contentType !== '' && !/json/i.test(contentType)) return text;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function textOfBody(body: unknown): string {
  if (body === undefined || body === null) return '';
  return typeof body === 'string' ? body : stringifyJson(body, 2);
}

/** A name that fits the URL, from a vendor's: "Cal.com" becomes cal-com. */
export function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
}
