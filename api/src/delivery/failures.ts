import { CONNECT_TIMEOUT_MS } from './transport/connect.ts';
import type { SendFailure } from './transport/transport.ts';

/** One sentence for both cases, because the difference would tell users which internal names exist. The log has it. */
const NO_PUBLIC_ADDRESS =
  "The host name in the destination's URL does not exist, or has an address that is not public. " +
  'An operator can allow its network (ALLOWED_PRIVATE_NETWORKS), and finds the address in the log.';

/** Explains the error codes of Node's network stack. Never uses the error's own message, which could contain the URL. */
const SENTENCES: Readonly<Record<string, string>> = {
  ENOTFOUND: NO_PUBLIC_ADDRESS,
  ERR_NO_PUBLIC_ADDRESS: NO_PUBLIC_ADDRESS,
  EAI_AGAIN: 'The name server did not answer (EAI_AGAIN).',
  ECONNREFUSED: 'The connection was refused (ECONNREFUSED): nothing listens at that address and port.',
  ECONNRESET: 'The connection was closed before the answer was complete (ECONNRESET).',
  EPIPE: 'The connection was closed while the request was being sent (EPIPE).',
  EHOSTUNREACH: 'There is no route to the host (EHOSTUNREACH).',
  ENETUNREACH: 'There is no route to the network (ENETUNREACH).',
  ETIMEDOUT: 'The host did not answer the connection (ETIMEDOUT).',
  ERR_CONNECT_TIMEOUT: `No connection within ${CONNECT_TIMEOUT_MS / 1000} s.`,
  CERT_HAS_EXPIRED: "The destination's TLS certificate has expired.",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "The destination's TLS certificate is self-signed; NODE_EXTRA_CA_CERTS can add a private CA.",
  SELF_SIGNED_CERT_IN_CHAIN:
    "The destination's TLS certificate comes from an unknown CA; NODE_EXTRA_CA_CERTS can add a private CA.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The destination does not send its whole TLS certificate chain.',
  ERR_TLS_CERT_ALTNAME_INVALID: "The destination's TLS certificate is for another host name.",
  EPROTO: 'TLS failed (EPROTO): perhaps the port speaks plain HTTP.',
  ERR_INVALID_CHAR: 'A header of the destination holds a character that HTTP does not allow.',
  ERR_INVALID_HTTP_TOKEN: 'A header of the destination has a name that HTTP does not allow.',
  ERR_INVALID_URL: "The destination's URL can't be read.",
};

/** What was wrong with a response after its status had been received. */
const BROKEN_ANSWERS: Readonly<Record<string, string>> = {
  ECONNRESET: 'was cut short (ECONNRESET)',
  EPIPE: 'was cut short (EPIPE)',
  ERR_TIMEOUT: 'did not end in time',
  ERR_ABORTED: 'had not ended when this service stopped',
  HPE_HEADER_OVERFLOW: 'has more than 64 KiB of headers',
  HPE_UNEXPECTED_CONTENT_LENGTH: 'has another length than its headers say',
};

/** Why there was no response, in one sentence. */
export function describeFailure({ code, message }: SendFailure): string {
  if (code === 'ERR_PROXY') return `The request did not leave: ${message} (DELIVERY_PROXY).`;
  if (code === 'ERR_TIMEOUT') return `The destination did not answer in full: ${message}.`;
  if (code.startsWith('HPE_')) return `The destination does not speak HTTP (${code}).`;
  return SENTENCES[code] ?? `The request failed (${code}).`;
}

/** What was wrong with a response that was classified by its status, in one sentence. */
export function describeBrokenAnswer({ code, message }: SendFailure): string {
  const known =
    BROKEN_ANSWERS[code] ?? (code.startsWith('HPE_') ? `breaks HTTP: ${message}` : `was cut short (${code})`);
  return `Its status counts, although the answer ${known}.`;
}
