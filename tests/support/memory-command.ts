import type { DeliveryState } from '../../api/src/model/delivery.ts';
import type {
  CommandResult,
  DeliveryCommand,
  ManyCommand,
  ManyOutcome,
  ManyResult,
} from '../../api/src/store/queue.ts';
import { afterPending, having, type MemoryDelivery, type MemoryStore } from './memory-store.ts';

const RENEWED_EXPIRY_MS = 7 * 24 * 60 * 60_000;

const COMMANDS: Record<DeliveryCommand['command'], DeliveryState[]> = {
  retry: ['pending', 'held', 'dead', 'expired', 'cancelled'],
  cancel: ['pending', 'held'],
};

/** What a person asks of one delivery. */
export function commandOne(store: MemoryStore, { delivery, command, actor }: DeliveryCommand): CommandResult {
  const one = store.deliveries.get(delivery);
  if (!one) return { status: 'unknown' };
  if (!COMMANDS[command].includes(one.state) || !apply(store, one, command, store.now()))
    return { status: 'refused', state: one.state };
  if (one.state === 'pending') probeWith(store, one);
  store.audit.push({ actor, action: `delivery.${command}`, subject: delivery });
  return { status: 'done', state: one.state };
}

/** What a person asks of the next deliveries of a selection. */
export function commandMany(store: MemoryStore, request: ManyCommand): ManyResult {
  const { command, limit, rate, dry_run, actor } = request;
  const chosen = having(store, (one) => isMeant(store, one, request)).sort((a, b) => a.seq - b.seq);
  const looked = dry_run ? chosen : chosen.slice(0, limit);
  const now = store.now();
  let due = Math.max(now, Date.parse(request.after?.due_at ?? '') || 0);
  const outcomes: ManyOutcome[] = [];
  const probed = new Set<string>();
  for (const one of looked) {
    const { destination } = one;
    const done = apply(store, dry_run ? { ...one } : one, command, due);
    const outcome = done ?? 'destination_deleted';
    const counted = outcomes.find((other) => other.destination === destination && other.outcome === outcome);
    if (counted) counted.deliveries++;
    else outcomes.push({ destination, outcome, deliveries: 1 });
    if (dry_run || !done) continue;
    if (done === 'pending' && due <= now && !probed.has(destination)) probeWith(store, one);
    probed.add(destination);
    if (rate > 0) due += 1000 / rate;
  }
  const changed = outcomes.some(({ outcome }) => outcome !== 'destination_deleted');
  if (changed && !dry_run) store.audit.push({ actor, action: `delivery.${command}_many`, subject: '' });
  const last = looked.at(-1);
  const more = last !== undefined && looked.length === limit && !dry_run;
  return { outcomes, next: more ? { seq: last.seq, due_at: new Date(due).toISOString() } : null };
}

/** The state that a delivery has come to; undefined: it stays as it was. */
function apply(store: MemoryStore, one: MemoryDelivery, command: DeliveryCommand['command'], due: number) {
  if (command === 'cancel') {
    one.state = 'cancelled';
    return 'cancelled';
  }
  if (!store.destinations.has(one.destination)) return undefined;
  const expires_at = one.expires_at <= due ? due + RENEWED_EXPIRY_MS : one.expires_at;
  const state = afterPending(store, one.destination);
  Object.assign(one, { state, next_attempt_at: due, tries_used: 0, claims: 0, expires_at });
  return state;
}

/** The next probe, if the breaker is open. */
function probeWith(store: MemoryStore, { id, destination }: MemoryDelivery): void {
  const health = store.health.get(destination);
  if (health?.state === 'open') Object.assign(health, { probe: id, next_probe_at: store.now() });
}

function isMeant(store: MemoryStore, one: MemoryDelivery, { selection, scope, after }: ManyCommand): boolean {
  const { state, from, to, ...ids } = selection;
  const account = store.events.get(one.event)?.account;
  return (
    one.state === state &&
    one.seq > (after?.seq ?? 0) &&
    (scope === undefined || account === scope) &&
    (from === undefined || one.created >= Date.parse(from)) &&
    (to === undefined || one.created < Date.parse(to)) &&
    Object.entries(ids).every(([field, id]) => one[field as keyof typeof ids] === id)
  );
}
