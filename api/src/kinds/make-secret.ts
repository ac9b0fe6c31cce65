/** Secrets for new records. The dashboard's forms make them by the same functions, so nothing here is Node's own. */

import type { Destination, Source } from '../model/configuration.ts';

export type RandomBytes = (size: number) => Uint8Array;

const SECRET_BYTES = 32;

/** Undefined: none is needed, or it is the vendor's: stripe, slack, shopify, twilio and discord show theirs where the endpoint is made. */
export function makeSourceSecret({ verification }: Partial<Source>, randomBytes: RandomBytes): string | undefined {
  switch (verification) {
    case 'github':
    case 'gitlab':
    case 'hmac':
    case 'bearer':
      return hex(randomBytes(SECRET_BYTES));
    case 'basic':
      return `pockethook:${hex(randomBytes(SECRET_BYTES))}`;
    case 'standard-webhooks':
      return standardWebhooksSecret(randomBytes);
    default:
      return undefined;
  }
}

export function makeDestinationSecret({ type }: Partial<Destination>, randomBytes: RandomBytes): string | undefined {
  return type === 'http' ? standardWebhooksSecret(randomBytes) : undefined;
}

/** Standard Webhooks, "Signature scheme". */
function standardWebhooksSecret(randomBytes: RandomBytes): string {
  return `whsec_${btoa(String.fromCharCode(...randomBytes(SECRET_BYTES)))}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
