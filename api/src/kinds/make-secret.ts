/** Generates secrets for new records. Also used by the dashboard's forms, so this must not depend on Node. */

import type { Destination, Source } from '../model/configuration.ts';
import { hexSecret, type RandomBytes, standardWebhooksSecret } from '../model/new-secret.ts';
import { PRESETS } from '../presets/index.ts';

/** Undefined if none is needed, or if the vendor issues it, as Stripe and Discord do, or sends it, as Asana does. */
export function makeSourceSecret(
  { preset, verification, verification_options }: Partial<Source>,
  randomBytes: RandomBytes,
): string | undefined {
  const by = PRESETS.get(preset ?? '')?.secret_by;
  if (by === 'vendor') return undefined;
  switch (verification) {
    case 'github':
    case 'gitlab':
    case 'bearer':
    case 'token':
      return hexSecret(randomBytes);
    case 'hmac':
      return verification_options?.secret_from ? undefined : hexSecret(randomBytes);
    case 'jwt':
      return by === 'us' ? hexSecret(randomBytes) : undefined;
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
