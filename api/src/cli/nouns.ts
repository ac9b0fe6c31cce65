import { KIND_NAMES, type KindName, kindOf } from '../kinds/index.ts';

/** What commands make, show and change: every kind of record, and webhooks, which are destinations in another form. */
export type Noun = KindName | 'webhooks';

type Description = ReturnType<typeof kindOf>;

const WEBHOOKS: Description = {
  singular: 'webhook',
  view: 'gateway',
  fields: { description: {}, url: {}, triggers: {}, sites: {}, secret_overlap_until: {} },
  secrets: {},
  expressions: {},
  references: { triggers: 'triggers', sites: 'sites' },
  makeSecret: () => undefined,
  help: {
    about: 'where triggers tell what they see, signed; an account has at most 10',
    example: 'alerts',
    create: 'alerts --webhook-url https://example.com/hooks',
    set: ['--webhook-url https://example.org/hooks', "--description 'the shop' --no-enabled"],
  },
};

export const NOUNS: readonly Noun[] = [...KIND_NAMES, 'webhooks'];

export function describeNoun(noun: Noun): Description {
  return noun === 'webhooks' ? WEBHOOKS : kindOf(noun);
}

export const singularOf = (noun: Noun): string => describeNoun(noun).singular;

/** The kind that the records are of. */
export const kindBehind = (noun: Noun): KindName => (noun === 'webhooks' ? 'destinations' : noun);
