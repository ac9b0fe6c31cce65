import { randomBytes } from 'node:crypto';
import type { Destination, Mapping, Source } from '../model/configuration.ts';
import { Problem } from '../model/problems.ts';
import type { Records, RecordTypes, StarterMark } from '../store/records.ts';
import { BY_ITSELF } from '../store/write.ts';

export interface Starter {
  /** The value for "Secret" in a webhook's settings on GitHub. */
  githubSecret: string;
}

/** Fixed ids, so that concurrent starts, or one after a kill halfway, create each record once. */
const ID = {
  github: 'startergithub00',
  stripe: 'starterstripe00',
  generic: 'startergeneric0',
  inbox: 'starterinbox000',
  discord: 'starterdiscord0',
  githubToInbox: 'startergh2inbox',
  githubToDiscord: 'startergh2disco',
  stripeToInbox: 'starterst2inbox',
  genericToInbox: 'startergn2inbox',
};

/** Uses optional fields: each of them, except for the type, is missing in some of GitHub's events. */
const GITHUB_LINE = [
  '{{ has(data.sender) ? data.sender + " " : "" }}{{ event.type }}',
  '{{ has(data.title) ? ": " + data.title : "" }}',
  '{{ has(data.repository) ? " in " + data.repository : "" }}',
  '{{ has(data.url) ? " " + data.url : "" }}',
].join('');

/**
 * Creates the configuration of a new installation, so that the first curl shows a result at once: three sources, an
 * inbox, and a disabled Discord destination without a URL.
 * @returns undefined if it was created before; an interrupted start is completed by the next one
 * @throws Problem `store_unavailable`
 */
export async function createStarter(
  records: Pick<Records, 'get' | 'create' | 'update'>,
  mark: StarterMark,
): Promise<Starter | undefined> {
  if (await mark.isSet()) return undefined;
  const githubSecret = randomBytes(20).toString('hex');
  for (const destination of destinations()) await createOnce(records, 'destinations', destination);
  for (const source of sources(githubSecret)) await createOnce(records, 'sources', source);
  // The secret made by an earlier, interrupted start was never shown, so replace it.
  await records.update('sources', ID.github, { secrets: [githubSecret] }, undefined, BY_ITSELF);
  for (const mapping of mappings()) await createOnce(records, 'mappings', mapping);
  await mark.set();
  return { githubSecret };
}

async function createOnce<K extends keyof RecordTypes>(
  records: Pick<Records, 'get' | 'create'>,
  kind: K,
  fields: Partial<RecordTypes[K]> & { id: string },
): Promise<void> {
  const existing = await records.get(kind, fields.id, undefined).catch((fault) => {
    if (fault instanceof Problem && fault.code === 'not_found') return undefined;
    throw fault;
  });
  if (!existing) await records.create(kind, fields, undefined, BY_ITSELF);
}

/** A record of the starter. */
type Starting<T> = Partial<T> & { id: string };

function sources(githubSecret: string): Starting<Source>[] {
  return [
    {
      id: ID.github,
      name: 'github',
      enabled: true,
      verification: 'github',
      secrets: [githubSecret],
      max_body_bytes: 25 * 1024 * 1024,
    },
    // Disabled until somebody sets the signing secret from Stripe's dashboard.
    { id: ID.stripe, name: 'stripe', enabled: false, verification: 'stripe' },
    { id: ID.generic, name: 'generic', enabled: true, verification: 'none' },
  ];
}

function destinations(): Starting<Destination>[] {
  return [
    { id: ID.inbox, name: 'inbox', type: 'inbox', enabled: true },
    {
      id: ID.discord,
      name: 'discord',
      type: 'discord',
      enabled: false,
      disabled_reason: 'Set the URL of a Discord webhook, then enable it.',
    },
  ];
}

function mappings(): Starting<Mapping>[] {
  return [
    {
      id: ID.githubToInbox,
      name: 'github → inbox',
      source: ID.github,
      destination: ID.inbox,
      enabled: true,
      template: { text: GITHUB_LINE },
    },
    {
      id: ID.githubToDiscord,
      name: 'github → discord',
      source: ID.github,
      destination: ID.discord,
      enabled: false,
      filter: '"title" in data',
      template: { content: GITHUB_LINE },
    },
    { id: ID.stripeToInbox, name: 'stripe → inbox', source: ID.stripe, destination: ID.inbox, enabled: true },
    { id: ID.genericToInbox, name: 'generic → inbox', source: ID.generic, destination: ID.inbox, enabled: true },
  ];
}
