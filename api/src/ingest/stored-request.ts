import type { Source, VerificationScheme } from '../model/configuration.ts';
import { isSignatureName } from '../model/credential-names.ts';
import type { HeaderList } from '../model/event.ts';
import { readHeaderText } from '../model/header-text.ts';
import { mayRelay } from '../model/relay.ts';
import { REDACTED, storedHeaders } from './headers.ts';
import { storedQuery } from './query.ts';
import { credentialHeaders, credentialParameters } from './verification/index.ts';

/** Lower-case names of what a source's requests hold that is a credential, and of what only looks like one. */
interface Redaction {
  headers: ReadonlySet<string>;
  parameters: ReadonlySet<string>;
  notRedacted: ReadonlySet<string>;
}

/** By record object, which stays the same until the record changes. */
const redactions = new WeakMap<Source, Redaction>();

/**
 * Header fields and query string as they are stored with an event and read by expressions: credentials are `[redacted]`.
 * @param rawHeaders Node's flat list of names and values
 */
export function storedRequest(
  source: Source,
  rawHeaders: string[],
  query: string,
): { headers: HeaderList; query: string } {
  let redaction = redactions.get(source);
  if (!redaction) {
    redaction = redactionOf(source);
    redactions.set(source, redaction);
  }
  const { headers, parameters, notRedacted } = redaction;
  return {
    headers: storedHeaders(rawHeaders, headers, notRedacted),
    query: storedQuery(query, notRedacted, parameters),
  };
}

function redactionOf(source: Source): Redaction {
  return {
    headers: credentialHeaders(source),
    parameters: credentialParameters(source),
    notRedacted: new Set((source.not_redacted || []).map((name) => name.toLowerCase())),
  };
}

/** Schemes whose headers prove nothing but the request that they came with. */
const SIGNING: ReadonlySet<VerificationScheme> = new Set([
  ...(['github', 'stripe', 'slack', 'shopify', 'twilio', 'discord'] as const),
  ...(['standard-webhooks', 'hmac', 'public-key'] as const),
]);

/** The signatures among the header fields that `storedRequest` redacts, for destinations that relay them. Tokens and keys are none. */
export function signatureHeaders(source: Source, rawHeaders: string[], stored: HeaderList): HeaderList {
  const own = SIGNING.has(source.verification) ? credentialHeaders(source) : new Set();
  const values = (i: number) => readHeaderText(rawHeaders[2 * i + 1] as string);
  return stored.flatMap(([name, value], i): HeaderList => {
    const lower = name.toLowerCase();
    const isSignature = isSignatureName(lower) || (own.has(lower) && mayRelay(lower));
    return value === REDACTED && isSignature ? [[name, values(i)]] : [];
  });
}
