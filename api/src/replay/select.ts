import { createHash } from 'node:crypto';
import type { LeasedReplay, PastEvent } from '../store/replays.ts';

export type Selection = Pick<LeasedReplay, 'destination' | 'status' | 'only_missing'>;

/** Why a delivery is made: a mapping, which is empty where a trigger raised the event; and where to. */
export type Subject = Record<'mapping' | 'destination', string>;

const PREFIX_LENGTH = 4;
const HASH_LENGTH = 11;

/**
 * The id of the delivery that a replay makes of an event and a mapping, or a destination of the trigger that raised it: always
 * the same, so that a page that is done again after a crash makes nothing twice. In the form of `makeId`: some time first, here
 * that of the replay.
 * @param nth which one it is of several for the same mapping, from 0: of a request that is to be split by now
 */
export function replayedId(replay: string, event: string, { mapping, destination }: Subject, nth = 0): string {
  const hash = createHash('sha256')
    .update(`${replay} ${event} ${mapping || destination}${nth > 0 ? ` ${nth}` : ''}`)
    .digest()
    .readBigUInt64BE();
  return replay.slice(0, PREFIX_LENGTH) + hash.toString(36).padStart(HASH_LENGTH, '0').slice(-HASH_LENGTH);
}

/** Still under way counts as not missing: it would arrive twice. */
const NOT_MISSING = new Set(['delivered', 'pending', 'delivering', 'held']);

/** Why a replay is not to send an event to a destination, by everything that was ever to be delivered of it there; undefined: it is. */
export function whyNotSelected(
  selection: Selection,
  event: Pick<PastEvent, 'deliveries'>,
  destination: string,
): 'other_destination' | 'other_state' | 'not_missing' | undefined {
  if (selection.destination !== '' && selection.destination !== destination) return 'other_destination';
  const states = event.deliveries.filter((past) => past.destination === destination).map(({ state }) => state);
  if (selection.status !== '' && !states.includes(selection.status)) return 'other_state';
  return selection.only_missing && states.some((state) => NOT_MISSING.has(state)) ? 'not_missing' : undefined;
}

export function matchesSelection(...question: Parameters<typeof whyNotSelected>): boolean {
  return whyNotSelected(...question) === undefined;
}

/** False if no destination can match, whatever the rules of now: saves reading the event. */
export function mayMatchSelection(selection: Selection, event: Pick<PastEvent, 'deliveries'>): boolean {
  const { status, destination } = selection;
  if (status === '') return true;
  return event.deliveries.some(
    (past) => past.state === status && (destination || past.destination) === past.destination,
  );
}

/** Whether a replay is to make a delivery of an event for a mapping: it matches, and was not made already. */
export function shouldReplay(replay: Selection & { id: string }, past: PastEvent, subject: Subject) {
  const id = replayedId(replay.id, past.id, subject);
  return past.deliveries.every((delivery) => delivery.id !== id) && matchesSelection(replay, past, subject.destination);
}
