/** What the last word of a credential's name is; a word may run together, as in `authtoken`. */
const CREDENTIAL_WORD =
  /^(?:auth|authorization|assertion|bearer|cookies?|credentials?|hmac\w*|jwt|key|pass|passcode|passphrase|passwd|pwd|sig)$|(?:token|secret|signature|password|(?:api|auth|access|secret|private)key)s?$/;

/** The same for what proves one request only. */
const SIGNATURE_WORD = /^(?:sig|hmac\w*)$|signatures?$/;

/** What may follow it: which hash, which version, which of several. */
const QUALIFIER = /^(?:v?\d+|sha\d*|md5|ed\d+|base64|hex|primary|secondary|current|previous|old|new)$/;

/** Keys and tokens that only tell things apart. */
const NO_CREDENTIALS: Readonly<Record<string, ReadonlySet<string>>> = {
  key: new Set([
    ...['idempotency', 'dedupe', 'dedup', 'deduplication', 'event', 'message', 'correlation', 'tracking'],
    ...['partition', 'routing', 'ordering', 'sort', 'cache', 'surrogate', 'primary', 'foreign', 'object'],
    ...['issue', 'project', 'public', 'websocket'],
  ]),
  token: new Set(['idempotency', 'page', 'sync', 'continuation', 'next']),
};

/** Signatures of vendors that named them otherwise: Trello, Airtable. */
const OTHER_NAMES: ReadonlySet<string> = new Set(['x-trello-webhook', 'x-airtable-content-mac']);

/**
 * Whether the name of a header field or a query parameter says that its value lets somebody in or proves something:
 * `x-gitlab-token`, `stripe-signature`, `apiKey`; not `idempotency-key`, `x-event-key`, `x-signature-timestamp`.
 */
export function isCredentialName(name: string): boolean {
  if (OTHER_NAMES.has(name.toLowerCase())) return true;
  const [last, before] = lastWords(name);
  return CREDENTIAL_WORD.test(last) && !NO_CREDENTIALS[last]?.has(before);
}

/** Whether that value is a signature: it proves where one request comes from, and lets nobody in. */
export function isSignatureName(name: string): boolean {
  return OTHER_NAMES.has(name.toLowerCase()) || SIGNATURE_WORD.test(lastWords(name)[0]);
}

/** The last word that says what it is, and the one before. */
function lastWords(name: string): [last: string, before: string] {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  while (words.length > 1 && QUALIFIER.test(words.at(-1) as string)) words.pop();
  return [words.at(-1) ?? '', words.at(-2) ?? ''];
}
