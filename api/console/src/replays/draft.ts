import type { Schemas } from '../../../client/schemas.ts';
import { deliveryState } from '../app/delivery-states.ts';
import { numberOf } from '../app/form-texts.ts';
import { sinceTime } from '../app/search.ts';
import { localMinute } from '../ui/time.ts';
import type { ReplaySearch } from './filters.ts';

/** A replay as its form has it: texts, as typed. */
export interface Draft {
  source: string;
  destination: string;
  /** Only pairs that have a delivery in it; empty: any. */
  status: string;
  onlyMissing: boolean;
  /** Local times, such as 2026-11-27T13:45. */
  from: string;
  /** Empty: until it is asked for. */
  to: string;
  mode: Schemas['ReplayMode'];
  rate: string;
}

const RATE = '50';
const DEFAULT_SINCE = '1h';

/** What a link says, and defaults for the rest. */
export function draftOf(search: ReplaySearch, now: number): Draft {
  const { source = '', destination = '', status = '', since, mode, missing } = search;
  const from = sinceTime(since, now) ?? sinceTime(DEFAULT_SINCE, now) ?? '';
  return {
    source,
    destination,
    status: deliveryState(status) ?? '',
    onlyMissing: missing === 'true',
    from: localMinute(Date.parse(from)),
    to: '',
    mode: mode === 'current' ? 'current' : 'original',
    rate: RATE,
  };
}

/** What the API takes. A time that is none is sent as it was typed, for the API to say what is wrong with it. */
export function bodyOf(draft: Draft, now: number): Schemas['NewReplayJob'] {
  const { source, destination, status, onlyMissing, from, to, mode, rate } = draft;
  return {
    from: timeOf(from),
    to: to === '' ? new Date(now).toISOString() : timeOf(to),
    mode,
    ...(source !== '' && { source }),
    ...(destination !== '' && { destination }),
    ...(status !== '' && { status: status as Schemas['DeliveryState'] }),
    only_missing: onlyMissing,
    rate: numberOf(rate === '' ? RATE : rate),
  } as Schemas['NewReplayJob'];
}

function timeOf(local: string): string {
  const time = new Date(local);
  return Number.isNaN(time.getTime()) ? local : time.toISOString();
}
