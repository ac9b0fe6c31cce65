import type PocketBase from 'pocketbase';
import { makeId } from '../../api/src/model/ids.ts';
import { sleep } from './measure.ts';

/** Visitors that make a spike. */
export const THRESHOLD = 20;
const ACCOUNTS = 20;
/** As many as an account may have. */
const WEBHOOKS_OF_EACH = 10;
/** Of 20 webhooks, one answers 503. */
const BROKEN_EVERY = 20;
const SITES_AT_ONCE = 25;

export interface Site {
  domain: string;
  /** Its webhook answers 204. */
  healthy: boolean;
}

interface Account {
  id: string;
  webhooks: { id: string; healthy: boolean }[];
}

const id = () => makeId(Date.now, Math.random);

/** Accounts with webhooks that lead to the sink: `/healthy` or `/broken`. */
export async function makeAccounts(pb: PocketBase, sinkPort: number): Promise<Account[]> {
  await pb.settings.update({ batch: { enabled: true, maxRequests: SITES_AT_ONCE * 4, timeout: 120 } });
  const accounts: Account[] = [];
  for (let n = 0; n < ACCOUNTS; n++) {
    const { id: account } = await pb.collection('accounts').create({ name: `bench-${n}` });
    const webhooks: Account['webhooks'] = [];
    for (let k = 0; k < WEBHOOKS_OF_EACH; k++) {
      const healthy = (n * WEBHOOKS_OF_EACH + k) % BROKEN_EVERY !== 0;
      const url = `http://127.0.0.1:${sinkPort}/${healthy ? 'healthy' : 'broken'}`;
      const fields = { account, name: `webhook-${k}`, type: 'http', url, enabled: true, notifications: true };
      webhooks.push({ id: (await pb.collection('destinations').create(fields)).id, healthy });
    }
    accounts.push({ id: account, webhooks });
  }
  return accounts;
}

/**
 * Makes the sites with these numbers, each with a goal and two triggers, by PocketBase's batch API: every hook that checks a
 * record on save runs, as for an edit in the dashboard.
 */
export async function makeSites(pb: PocketBase, accounts: Account[], from: number, to: number): Promise<Site[]> {
  const sites: Site[] = [];
  for (let first = from; first < to; first += SITES_AT_ONCE) {
    const batch = pb.createBatch();
    for (let n = first; n < Math.min(first + SITES_AT_ONCE, to); n++) {
      const { id: account, webhooks } = accounts[n % ACCOUNTS] as Account;
      const webhook = webhooks[Math.floor(n / ACCOUNTS) % WEBHOOKS_OF_EACH] as Account['webhooks'][0];
      const domain = `s${n}.example`;
      const [site, goal] = [id(), id()];
      const common = { account, site, enabled: true };
      const trigger = { ...common, destinations: [webhook.id] };
      batch.collection('sites').create({ id: site, account, domain, name: domain, timezone: 'UTC', enabled: true });
      batch.collection('goals').create({ ...common, id: goal, name: 'Signup', event_name: 'Signup' });
      batch.collection('triggers').create({ ...trigger, name: 'signups', type: 'goal_completion', goal });
      const spike = { name: 'spike', type: 'visitor_spike', threshold: THRESHOLD, readings: 1 };
      batch.collection('triggers').create({ ...trigger, ...spike });
      sites.push({ domain, healthy: webhook.healthy });
    }
    await batch.send();
  }
  return sites;
}

/** Resolves when the evaluator knows so many triggers. */
export async function waitForTriggers(pb: PocketBase, count: number): Promise<void> {
  for (;;) {
    const { states } = await pb.send('/api/pockethook/triggers/states', { method: 'POST', body: {} });
    if (states.length >= count) return;
    await sleep(1_000);
  }
}
