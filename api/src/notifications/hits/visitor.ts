import { createHmac } from 'node:crypto';
import { getDomain } from 'tldts';

/** What tells visitors apart for a day. It is hashed at once and never kept, logged or sent. */
export interface Identity {
  userAgent: string;
  ip: string;
  /** Of the site. */
  domain: string;
  /** Of the page. */
  host: string;
}

const HASH_BYTES = 16;

/** Who visits several hosts of a site (`blog.example.com`, `example.com`) is one visitor. */
export function identityText({ userAgent, ip, domain, host }: Identity): string {
  return [userAgent, ip, domain, getDomain(host) ?? host].join('\n');
}

/** Base64 of a keyed hash. Without the salt, which is gone after two days, nothing can be told from it. */
export function hashVisitor(identity: string, salt: Buffer): string {
  return createHmac('sha256', salt).update(identity).digest().subarray(0, HASH_BYTES).toString('base64');
}
