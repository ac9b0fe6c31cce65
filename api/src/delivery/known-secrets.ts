import type { Destination } from '../model/configuration.ts';
import { isCredentialName, isSignatureName } from '../model/credential-names.ts';
import { standardWebhooksKey } from '../model/standard-webhooks.ts';

/** Shorter secrets aren't redacted: they would match ordinary words. */
export const SHORTEST_SECRET = 8;
/** Parts of a header value or URL of at least this length are taken for tokens; words are shorter. */
const SHORTEST_PART = 16;

/** Headers that describe the content and hold no credentials. */
const PLAIN_HEADERS =
  /^(?:accept(?:-.*)?|content-.*|user-agent|cache-control|prefer|title|tags?|priority|click|icon|filename)$/;

/** A destination's secrets that its receiver might echo, in every encoding that is searched for. */
export function formsOfSecrets(destination: Destination): string[] {
  return formsOf([
    ...destination.secrets.flatMap(signingSecrets),
    ...Object.entries(destination.headers ?? {}).flatMap(([name, value]) => headerSecrets(name, value)),
    ...urlSecrets(destination),
  ]);
}

/** The signatures of one request, in the same encodings. */
export function formsOfSignatures(sent: Readonly<Record<string, string>>): string[] {
  const signatures = Object.entries(sent).flatMap(([name, value]) =>
    isSignatureName(name) ? value.split(/[\s,;]+/) : [],
  );
  return formsOf(signatures.map((signature) => signature.replace(/^[\w-]{1,20}=(?=.)|=+$/g, '')));
}

function formsOf(secrets: (string | Buffer)[]): string[] {
  const forms = secrets.filter(({ length }) => length >= SHORTEST_SECRET).flatMap(encodings);
  return [...new Set(forms.filter(({ length }) => length >= SHORTEST_SECRET))];
}

function signingSecrets(secret: string): (string | Buffer)[] {
  return [secret, secret.replace(/^whsec_|=+$/g, ''), standardWebhooksKey(secret)];
}

function headerSecrets(name: string, value: string): string[] {
  if (PLAIN_HEADERS.test(name.toLowerCase())) return [];
  const credentials = /^[\w-]+ +(\S.*)$/.exec(value)?.[1];
  const login = /^basic +/i.test(value) ? Buffer.from(value.replace(/^basic +/i, ''), 'base64').toString() : '';
  const parts = value.split(/[\s,;=&"]+/).filter(({ length }) => length >= SHORTEST_PART);
  return [value, credentials ?? '', login, login.slice(login.indexOf(':') + 1), ...parts];
}

/** The tokens in a URL. Users can read an `http` destination's URL, so there only passwords and credential parameters count. */
function urlSecrets({ type, url }: Destination): string[] {
  if (!URL.canParse(url)) return [];
  const { username, password, pathname, searchParams } = new URL(url);
  const named = [...searchParams].filter(([name]) => isCredentialName(name)).map(([, value]) => value);
  const login = [password, `${username}:${password}`].map(unescapeUrl);
  if (type === 'http') return [...named, ...(password ? login : [])];
  const segments = pathname.split('/').map(unescapeUrl);
  const tokens = segments.filter(looksLikeToken);
  const inPath = tokens.length > 0 ? tokens : segments.slice(-1);
  const inQuery = [...searchParams.values()].filter(looksLikeToken);
  return [...named, ...login, ...inPath, ...inQuery].map(withoutBot);
}

/** As in mask.go, a token is long and not a number (Discord ids are), or has a Telegram token's colon. */
function looksLikeToken(part: string): boolean {
  return (part.length >= SHORTEST_PART && /\D/.test(part)) || part.includes(':');
}

/** Of Telegram's `bot<id>:<token>` only the token: the id is public. */
function withoutBot(part: string): string {
  return part.replace(/^bot\d+:/, '');
}

function unescapeUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A secret as text, in hexadecimal, and in base64 at each of the three alignments it can have in encoded data. */
function encodings(secret: string | Buffer): string[] {
  const bytes = Buffer.from(secret as string);
  return [bytes.toString(), bytes.toString('hex'), ...[0, 1, 2].flatMap((before) => base64Forms(bytes, before))];
}

/** Base64 of a secret at one alignment, without the characters that also encode neighbouring bytes. */
function base64Forms(bytes: Buffer, before: number): string[] {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const whole = (before + bytes.length) % 3 === 0;
  const own = encoded.slice(before === 0 ? 0 : before + 1, whole ? undefined : -1);
  return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
}
