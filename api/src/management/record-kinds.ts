import type { Destination, Source } from '../model/configuration.ts';
import type { RecordTypes } from '../store/records.ts';

type Kind = keyof RecordTypes;

/** What tells one kind of configuration record from another, for the one router that serves them all. */
export interface RecordKind<K extends Kind> {
  /** As in the contract's operation ids: `createSource`, `listSources`. */
  singular: string;
  plural: string;
  /** A secret for a new record that came without one, or undefined if it needs none. */
  makeSecret(fields: Partial<RecordTypes[K]>, randomBytes: (size: number) => Buffer): string | undefined;
}

const SECRET_BYTES = 32;

export const RECORD_KINDS: { [K in Kind]: RecordKind<K> } = {
  sources: {
    singular: 'Source',
    plural: 'Sources',
    makeSecret: makeSourceSecret,
  },
  destinations: {
    singular: 'Destination',
    plural: 'Destinations',
    makeSecret: makeDestinationSecret,
  },
  mappings: {
    singular: 'Mapping',
    plural: 'Mappings',
    makeSecret: () => undefined,
  },
};

function makeSourceSecret(source: Partial<Source>, randomBytes: (size: number) => Buffer): string | undefined {
  switch (source.verification) {
    case 'github':
    case 'gitlab':
    case 'hmac':
    case 'bearer':
      return randomBytes(SECRET_BYTES).toString('hex');
    case 'basic':
      return `pockethook:${randomBytes(SECRET_BYTES).toString('hex')}`;
    case 'standard-webhooks':
      return standardWebhooksSecret(randomBytes);
    default:
      // None needed, or the vendor's: stripe, slack, shopify, twilio and discord show theirs where the endpoint is made.
      return undefined;
  }
}

function makeDestinationSecret(destination: Partial<Destination>, randomBytes: (size: number) => Buffer) {
  return destination.type === 'http' ? standardWebhooksSecret(randomBytes) : undefined;
}

function standardWebhooksSecret(randomBytes: (size: number) => Buffer): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}
