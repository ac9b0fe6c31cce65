import net from 'node:net';
import ipaddr from 'ipaddr.js';

/** A problem of a destination's URL. This code and url_check.go are both tested against tests/shared/urls.json. */
export interface UrlProblem {
  kind: 'form' | 'fragment' | 'credentials' | 'scheme' | 'host' | 'name' | 'address' | 'port';
  message: string;
}

export interface UrlParts {
  scheme: 'http' | 'https';
  /** A name in lower case, or an IP literal without brackets. */
  host: string;
  port: number;
}

const MAX_BYTES = 2048;
/** Parsers disagree about these characters: some drop them, some read a backslash as a slash. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: matching them is the purpose
const TREACHEROUS = /[\x00-\x20\x7f\\]/;
const ORIGIN = /^(https?):\/\/([^/?]+)/i;
const HOST_AND_PORT = /^(?:\[([^\]]*)\]|([^:[\]%]+))(:.*)?$/s;
const DEFAULT_PORTS = { http: 80, https: 443 };
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** URL parsers read hosts that end like this as IPv4 addresses (WHATWG URL, "ends in a number checker"). */
const NUMBER_LAST = /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/;

const NONE = problem('form', 'There is no URL yet: write where to post, then enable the destination.');
const FORM = problem('form', 'It must be an absolute URL, such as https://example.com/hooks.');

/**
 * Parses a destination's URL. Only plain forms are accepted: with one spelling per host, no parser, here or in PocketBase,
 * can see a different host than the one that is connected to.
 */
export function readUrl(text: string): { parts: UrlParts } | { problem: UrlProblem } {
  if (text === '') return NONE;
  if (Buffer.byteLength(text) > MAX_BYTES) return problem('form', `It is longer than ${MAX_BYTES} characters.`);
  const [, scheme, authority] = TREACHEROUS.test(text) ? [] : (ORIGIN.exec(text) ?? []);
  if (scheme === undefined || authority === undefined) return FORM;
  if (text.includes('#')) return problem('fragment', 'It must not hold a fragment (#…): it is never sent.');
  if (authority.includes('@'))
    return problem('credentials', 'It must not hold a user name or password: use an authorization header.');
  const [all, literal, name, portPart] = HOST_AND_PORT.exec(authority) ?? [];
  if (all === undefined) return FORM;
  const read = literal === undefined ? readName(String(name)) : readLiteral(literal);
  if (typeof read !== 'string') return read;
  const lower = scheme.toLowerCase() as UrlParts['scheme'];
  const port = portPart === undefined ? DEFAULT_PORTS[lower] : readPort(portPart.slice(1));
  if (port === undefined) return problem('port', 'Its port must be a number from 1 to 65535.');
  return { parts: { scheme: lower, host: read, port } };
}

function problem(kind: UrlProblem['kind'], message: string) {
  return { problem: { kind, message } };
}

/** Refuses `fe80::1%eth0` and `::ffff:203.0.113.9` too: public hosts don't need such forms. */
function readLiteral(text: string) {
  const [address, zone] = text.split(/%(.*)/s);
  if (zone === '' || !URL.canParse(`https://[${address}]/`)) return FORM;
  const host = new URL(`https://[${address}]/`).hostname.slice(1, -1);
  if (zone === undefined && !ipaddr.IPv6.parse(host).isIPv4MappedAddress()) return host;
  return problem(
    'address',
    'It has an IPv6 address with a zone or an IPv4 address inside, which is not a public address: write the plain address, whose network ALLOWED_PRIVATE_NETWORKS can allow.',
  );
}

function readPort(text: string): number | undefined {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

function readName(text: string) {
  // Check before lower-casing, which would turn İ and the Kelvin sign into ASCII letters.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the first and the last character of ASCII
  if (/[^\x00-\x7f]/.test(text))
    return problem('host', 'Its host has characters beyond ASCII: write it in punycode (xn--…).');
  const host = text.toLowerCase();
  if (NUMBER_LAST.test(host)) {
    if (net.isIPv4(host)) return host;
    return problem('host', 'It writes an address in an unusual way: use four decimal numbers, such as 203.0.113.9.');
  }
  const name = host.replace(/\.$/, '');
  if (name.length > 253 || !name.split('.').every((label) => LABEL.test(label)))
    return problem('host', 'Its host is neither a name nor an address.');
  // Compare with Node's own parser, which decides the host to connect to, Punycode included.
  if (URL.canParse(`https://${host}/`) && new URL(`https://${host}/`).hostname === host) return host;
  return problem('host', 'Its host has a label that is no valid punycode (xn--…).');
}
