import type { VerifiedSource } from '../verification/index.ts';

/** A request that may be a handshake. */
export interface HandshakeRequest {
  method: string;
  /** Path and query as requested. */
  url: string;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | undefined>>;
  /** As expressions read it; null: there is none, or it is none. */
  body: unknown;
}

/** What the vendor expects. An object is sent as JSON, a text as text/plain. */
export interface HandshakeAnswer {
  status: 200 | 204;
  headers?: Record<string, string>;
  body?: string | Record<string, unknown>;
  /** Has to be asked, successfully, before the answer is given. */
  confirm?: string;
  /** Has to be the source's secret before the answer is given: the vendor signs with it from now on. */
  secret?: BroughtSecret;
}

export interface BroughtSecret {
  text: string;
  /** The vendor learns from the answer that it arrived; else somebody has to enter it there. */
  echoed: boolean;
}

/** How one kind of vendor checks an endpoint before it uses it. */
export interface Handshake {
  /** The vendor's documentation. */
  docs: string;
  methods: readonly ('GET' | 'HEAD' | 'OPTIONS' | 'POST')[];
  /**
   * Whether the vendor signs it like an event: then it is answered only once that was verified. Others are answered to
   * anybody, so their answers say nothing but what was asked, as a text or JSON that no browser shows as a page.
   */
  verified: boolean;
  /** Undefined: the request is none, but an event or a mistake. */
  answer(request: HandshakeRequest, source: VerifiedSource): HandshakeAnswer | undefined;
}

/** Longest challenge that is given back. */
const CHALLENGE_LENGTH = 4_096;

/** A challenge that may be given back: printable, and no longer than any vendor's. */
export function challengeOf(value: unknown): string | undefined {
  const isChallenge = typeof value === 'string' && value !== '' && value.length <= CHALLENGE_LENGTH;
  return isChallenge && !UNPRINTABLE.test(value) ? value : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a header's value must hold none
const UNPRINTABLE = /[\x00-\x1f\x7f]/;

/** The same for the value of a header, which holds ASCII only. */
export function headerChallengeOf(value: unknown): string | undefined {
  const challenge = challengeOf(value);
  return challenge !== undefined && /^[\x20-\x7e]+$/.test(challenge) ? challenge : undefined;
}

/** The value of a query parameter. */
export function parameterOf({ url }: Pick<HandshakeRequest, 'url'>, name: string): string | undefined {
  const mark = url.indexOf('?');
  return mark === -1 ? undefined : (new URLSearchParams(url.slice(mark + 1)).get(name) ?? undefined);
}

/** A member of the body, if that is an object. */
export function memberOf(body: unknown, name: string): unknown {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  return isObject && Object.hasOwn(body, name) ? (body as Record<string, unknown>)[name] : undefined;
}
