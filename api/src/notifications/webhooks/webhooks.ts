import { type Editing, isStill } from '../../configuration/editing.ts';
import type { NewSecret } from '../../configuration/new-secrets.ts';
import type { Destination } from '../../model/configuration.ts';
import { parseDuration } from '../../model/duration.ts';
import type { Clock } from '../../model/ids.ts';
import { standardWebhooksSecret } from '../../model/new-secret.ts';
import { fieldProblem, notFound, Problem } from '../../model/problems.ts';
import type { AccountScope, Page, PageRequest, Records, Stored, TimeFilter } from '../../store/records.ts';
import type { Once, Write } from '../../store/write.ts';
import type { NotificationsView } from '../sites/view.ts';

/** A destination that members of an account manage themselves, for triggers to notify. */
export interface Webhook {
  id: string;
  account: string;
  name: string;
  url: string;
  description: string;
  enabled: boolean;
  disabled_reason: string;
  paused: boolean;
  /** Ids of the triggers that notify it, and of the sites that those watch. */
  triggers: string[];
  sites: string[];
  /** Until when requests are signed with the secret before the present one as well; null: they are not. */
  secret_overlap_until: string | null;
  created: string;
  updated: string;
}

export type WithSecret<T> = T & {
  /** Shown this once. */
  secret?: string;
};

export interface WebhookFields {
  /** Made of the URL's host, unless one is given. */
  name?: string;
  url: string;
  description?: string;
  enabled?: boolean;
  account?: string;
}

export type Asked = Write & { once: Once };

/** What /api/v1/webhooks does. Methods reject as those of Records; `create` with `conflict` where the account has as many as it may. */
export interface Webhooks {
  list(scope: AccountScope, page: PageRequest & TimeFilter): Promise<Page<Webhook>>;
  get(id: string, scope: AccountScope): Promise<Webhook>;
  create(fields: WebhookFields, scope: AccountScope, write: Asked): Promise<WithSecret<Webhook>>;
  /** With a new secret if the URL leads to another server: nobody there knows the old one. */
  update(id: string, fields: Partial<WebhookFields>, scope: AccountScope, write: Asked): Promise<WithSecret<Webhook>>;
  remove(id: string, scope: AccountScope, write: Write): Promise<void>;
  /** @param overlap a duration: how long requests are signed with the old secret as well */
  rotateSecret(id: string, overlap: string, scope: AccountScope, write: Asked): Promise<WithSecret<Webhook>>;
}

export interface WebhooksDeps {
  records: Pick<Records, 'list' | 'get'>;
  editing: Editing;
  notifications: { readonly current: Pick<NotificationsView, 'triggersOfDestination'> };
  newSecret: NewSecret;
  now: Clock;
}

const OVERLAP_AT_MOST_MS = 7 * 24 * 3_600_000;

export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const { records, editing } = deps;

  async function find(id: string, scope: AccountScope): Promise<Stored<Destination>> {
    const found = await records.get('destinations', id, scope).catch((fault) => {
      throw fault instanceof Problem && fault.code === 'not_found' ? notFound(`webhook ${id}`) : fault;
    });
    if (!found.notifications) throw notFound(`webhook ${id}`);
    return found;
  }

  const makeSecret = (write: Asked): string => standardWebhooksSecret(deps.newSecret(write.once));

  function toWebhook(destination: Stored<Destination>): Webhook {
    const triggers = deps.notifications.current.triggersOfDestination(destination.id);
    const { id, account, name, url, description, enabled, disabled_reason, paused, created, updated } = destination;
    const until = destination.secrets_overlap_until;
    const overlaps = destination.secrets.length > 1 && Date.parse(until) > deps.now();
    return {
      ...{ id, account, name, url, description, enabled, disabled_reason, paused },
      triggers: triggers.map((trigger) => trigger.id),
      sites: [...new Set(triggers.map(({ site }) => site))],
      secret_overlap_until: overlaps ? until : null,
      ...{ created, updated },
    };
  }

  return {
    async list(scope, page) {
      const found = await records.list('destinations', scope, page, { notifications: true });
      return { ...found, data: found.data.map(toWebhook) };
    },

    get: async (id, scope) => toWebhook(await find(id, scope)),

    async create(fields, scope, write) {
      const secret = makeSecret(write);
      const made = await editing.create(
        'destinations',
        {
          type: 'http',
          notifications: true,
          enabled: true,
          name: nameFor(fields.url, write),
          ...fields,
          secrets: [secret],
        },
        scope,
        write,
      );
      return { ...toWebhook(made), ...(isStill(secret, made) && { secret }) };
    },

    async update(id, fields, scope, write) {
      const before = await find(id, scope);
      const moves = fields.url !== undefined && originOf(fields.url) !== originOf(before.url);
      const secret = moves ? makeSecret(write) : undefined;
      const changes = { ...fields, ...(secret !== undefined && { secrets: [secret], secrets_overlap_until: '' }) };
      const after = await editing.update('destinations', id, changes, scope, write);
      return { ...toWebhook(after), ...(secret !== undefined && isStill(secret, after) && { secret }) };
    },

    async remove(id, scope, write) {
      await find(id, scope);
      await editing.remove('destinations', id, scope, write);
    },

    async rotateSecret(id, overlap, scope, write) {
      const { secrets } = await find(id, scope);
      const secret = makeSecret(write);
      const ms = overlapOf(overlap);
      const until = new Date(deps.now() + ms).toISOString();
      // The mask of the present secret keeps it as it is stored.
      const kept = ms > 0 ? secrets.slice(0, 1) : [];
      const changes = { secrets: [secret, ...kept], secrets_overlap_until: kept.length > 0 ? until : '' };
      const after = await editing.update('destinations', id, changes, scope, write);
      return { ...toWebhook(after), ...(isStill(secret, after) && { secret }) };
    },
  };
}

/** A name made of the host, and of the request to tell several of one host apart. */
function nameFor(url: string, { once }: Asked): string {
  const host = URL.canParse(url) ? new URL(url).host.slice(0, 80) : 'webhook';
  return `${host} ${once.key.slice(0, 6)}`;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function overlapOf(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms <= OVERLAP_AT_MOST_MS) return ms;
  throw fieldProblem('/overlap', 'must be a duration from 0s to 7d, such as 24h');
}
