import { DEFAULT_TIMEOUT_MS, type Destination } from '../model/configuration.ts';
import type { LeasedDelivery } from '../model/delivery.ts';
import { HOPS_HEADER } from '../model/hops.ts';
import { readRelayed } from '../model/relay.ts';
import { sign } from './sign.ts';
import type { OutgoingRequest } from './transport/transport.ts';

/** Headers that users can't set: they frame the message, choose the host, or are hop-by-hop (RFC 9110, 7.6.1). */
const RESERVED: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
]);

/** The PocketBase service applies the same rule at save; tests/shared/destinations.json tests both. */
function isReserved(lower: string): boolean {
  return RESERVED.has(lower) || lower.startsWith('webhook-') || lower === HOPS_HEADER;
}

/** Builds the request of one attempt. Custom headers can't overwrite those that identify and sign it. */
export function buildRequest(
  delivery: LeasedDelivery,
  destination: Destination,
  deps: { userAgent: string; now: () => number },
): OutgoingRequest {
  const body = Buffer.from(delivery.request_body, delivery.request_body_encoding);
  const relayed = readRelayed(delivery.request_values);
  const headers: Record<string, string> = { 'user-agent': deps.userAgent, ...relayed.headers };
  if (delivery.request_content_type) headers['content-type'] = delivery.request_content_type;
  for (const name in destination.headers) {
    const lower = name.toLowerCase();
    const value = destination.headers[name];
    if (value !== undefined && !isReserved(lower)) headers[lower] = value;
  }
  headers['x-correlation-id'] = delivery.event.correlation_id;
  headers[HOPS_HEADER] = String(delivery.event.hops + 1);
  if (delivery.event.traceparent) headers.traceparent = delivery.event.traceparent;
  const secrets = secretsAt(destination, deps.now());
  if (secrets.length > 0) Object.assign(headers, sign(secrets, delivery.id, deps.now(), body));
  // With the producer's own Standard Webhooks signature belongs the id that it covers.
  else if (!relayed.headers['webhook-signature']) headers['webhook-id'] = delivery.id;
  headers['content-length'] = String(body.length);
  return {
    method: destination.method || 'POST',
    url: withQuery(destination.url, relayed.query),
    headers,
    body,
    timeoutMs: destination.timeout_ms || DEFAULT_TIMEOUT_MS,
  };
}

/** Puts the producer's query behind the destination's own. */
function withQuery(url: string, query: string): string {
  if (query === '') return url;
  const safe = query.replace(/[^!-~]|[\\#]/gu, encodeURIComponent);
  return `${url}${url.includes('?') ? '&' : '?'}${safe}`;
}

/** One signature for each secret: during a rotation receivers may have the old or the new one. */
function secretsAt({ secrets, secrets_overlap_until }: Destination, now: number): readonly string[] {
  const isOver = secrets_overlap_until !== '' && now >= Date.parse(secrets_overlap_until);
  return isOver ? secrets.slice(0, 1) : secrets;
}
