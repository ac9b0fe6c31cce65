import { BODY_LIMITS } from '../body.ts';
import { parseForm } from '../form.ts';
import { queryOf, textsAt } from './place.ts';
import type { SignedRequest, VerifiedSource } from './scheme.ts';

/** What a producer signed, in parts; the body is never turned into a text, since its bytes were signed. */
export type SignedParts = (string | Buffer)[];

type MakePart = (request: SignedRequest, timestamp: string, source: VerifiedSource) => string | Buffer;

const WORDS: Record<string, MakePart> = {
  timestamp: (_request, timestamp) => timestamp,
  body: ({ rawBody }) => rawBody,
  method: ({ method }) => method,
  url: (request, _timestamp, source) => signedUrl(source, request),
  form: ({ rawBody }) => sortedFields(rawBody) ?? '',
};

/**
 * Fills in the option `signed`: `{{ timestamp }}`, `{{ body }}`, `{{ method }}`, `{{ url }}`, `{{ form }}` (the fields of a
 * form, sorted, each name and value) and places, such as `{{ headers.x-id }}`. Checked when the source is saved.
 */
export function signedParts(request: SignedRequest, timestamp: string, source: VerifiedSource): SignedParts {
  const template = source.verification_options?.signed || '{{ body }}';
  return partsOf(template).map((part) => (typeof part === 'string' ? part : part(request, timestamp, source)));
}

const known = new Map<string, (string | MakePart)[]>();
const KNOWN_AT_MOST = 1_000;

function partsOf(template: string): (string | MakePart)[] {
  let parts = known.get(template);
  if (!parts) {
    // Every other piece is what stands between {{ and }}.
    parts = template.split(/\{\{\s*(.*?)\s*\}\}/s).map((piece, index) => (index % 2 === 0 ? piece : makerOf(piece)));
    if (known.size >= KNOWN_AT_MOST) known.clear();
    known.set(template, parts);
  }
  return parts;
}

function makerOf(name: string): MakePart {
  return (Object.hasOwn(WORDS, name) && WORDS[name]) || ((request) => textsAt(name, request)[0] ?? '');
}

/** The URL that the producer signed: as requested, or as the source says, with the query of the request. */
export function signedUrl(source: VerifiedSource, { url, publicUrl }: SignedRequest): string {
  const own = source.verification_options?.url;
  if (!own) return publicUrl;
  return url.includes('?') ? `${own}?${queryOf(url)}` : own;
}

/** A form's fields as Twilio and Mandrill sign them: sorted by name, then by value, without repetitions. */
export function sortedFields(rawBody: Buffer): string | undefined {
  const fields = parseForm(rawBody, BODY_LIMITS);
  const names = [...(fields?.keys() ?? [])].sort();
  return fields && names.flatMap((name) => [...new Set(fields.get(name))].sort().map((value) => name + value)).join('');
}
