/** Secrets for new records. The dashboard's forms make them by the same functions, so nothing here is Node's own. */

import type { Destination, Source } from '../model/configuration.ts';
import { hexSecret, type RandomBytes, standardWebhooksSecret } from '../model/new-secret.ts';

/** Undefined: none is needed, or it is the vendor's: stripe, slack, shopify, twilio and discord show theirs where the endpoint is made. */
export function makeSourceSecret({ verification }: Partial<Source>, randomBytes: RandomBytes): string | undefined {
  switch (verification) {
    case 'github':
    case 'gitlab':
    case 'hmac':
    case 'bearer':
      return hexSecret(randomBytes);
    case 'basic':
      return `pockethook:${hexSecret(randomBytes)}`;
    case 'standard-webhooks':
      return standardWebhooksSecret(randomBytes);
    default:
      return undefined;
  }
}

export function makeDestinationSecret({ type }: Partial<Destination>, randomBytes: RandomBytes): string | undefined {
  return type === 'http' ? standardWebhooksSecret(randomBytes) : undefined;
}
