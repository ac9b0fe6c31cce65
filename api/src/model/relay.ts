/** What of a producer's request goes on with a delivery. */
export interface Relay {
  /** `all`: but those that belong to one connection, and credentials; signatures go on. A list: these. */
  headers?: 'all' | string[];
  /** Behind the destination's own. Credentials are left out. */
  query?: boolean;
}

/** Values of a delivery are kept by the text of their expression; no expression begins like these. */
const HEADER_PREFIX = 'header: ';
const QUERY_KEY = 'query: ';

/** Fields that belong to one connection or one hop (RFC 9110, 7.6.1), or that each request has its own of. */
const NEVER: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
  ...['host', 'content-length', 'content-encoding', 'content-type', 'accept-encoding'],
  ...['authorization', 'proxy-authorization', 'proxy-authenticate', 'cookie', 'x-api-key'],
  ...['via', 'forwarded', 'max-forwards', 'http2-settings', 'x-correlation-id', 'traceparent', 'pockethook-hops'],
  // What servers believe of proxies: who asks, for what, and how. The producer is none, and may be anybody.
  ...['x-real-ip', 'x-client-ip', 'x-cluster-client-ip', 'true-client-ip', 'fastly-client-ip', 'x-host'],
  ...[
    'x-original-url',
    'x-original-host',
    'x-rewrite-url',
    'x-http-method',
    'x-http-method-override',
    'x-method-override',
  ],
  // What they ask of a file, and get another answer than 2xx for.
  ...['range', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range'],
]);

/** @param name in lower case. The PocketBase service refuses the same in a list. */
export function mayRelay(name: string): boolean {
  return !NEVER.has(name) && !name.startsWith('x-forwarded-') && !name.startsWith('cf-');
}

/** What a delivery has to keep of its event's request. Undefined: nothing. */
export function relayedValues(
  relay: Relay | null | undefined,
  request: { headers: Readonly<Record<string, string>>; signatures: Readonly<Record<string, string>>; query: string },
): Record<string, string> | undefined {
  if (!relay) return undefined;
  const all = { ...request.headers, ...request.signatures };
  const named = relay.headers === 'all' ? Object.keys(all) : (relay.headers ?? []).map((name) => name.toLowerCase());
  const perConnection = new Set((request.headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
  const values: Record<string, string> = {};
  for (const name of named) {
    const value = Object.hasOwn(all, name) ? all[name] : undefined;
    if (value !== undefined && mayRelay(name) && !perConnection.has(name)) values[HEADER_PREFIX + name] = value;
  }
  if (relay.query && request.query !== '') values[QUERY_KEY] = request.query;
  return values;
}

/** What `relayedValues` kept: header fields by lower-case name, and the query string. */
export function readRelayed(values: Record<string, string> | null | undefined): {
  headers: Record<string, string>;
  query: string;
} {
  const headers: Record<string, string> = {};
  for (const key in values) {
    if (key.startsWith(HEADER_PREFIX)) headers[key.slice(HEADER_PREFIX.length)] = values[key] as string;
  }
  return { headers, query: values?.[QUERY_KEY] ?? '' };
}
