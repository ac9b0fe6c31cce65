import { stringifyJson } from '../expressions/index.ts';
import type { Metrics } from '../ops/metrics.ts';
import { groupCommit } from '../store/group-commit.ts';
import type { AcceptItem, Queue, Settlement } from '../store/queue.ts';

export interface CommitsDeps {
  queue: Pick<Queue, 'accept' | 'settle'>;
  waitingCharacters: number;
  metrics: Pick<Metrics, 'groupCommitSize'>;
}

const MEBIBYTE = 1024 * 1024;
const LIMITS = { maxItems: 256, maxBytes: 8 * MEBIBYTE };

/** At 50 events a second two or three are settled together: a commit costs both services as much as an event does beside it. */
const GATHERED_FOR_MS = 40;

/** One item at a time for whoever calls; those that come together are stored in one commit. */
export function assembleCommits({ queue, waitingCharacters, metrics }: CommitsDeps) {
  const limits = { ...LIMITS, maxWaitingBytes: waitingCharacters };
  const observe = (call: 'accept' | 'settle') => (items: number) => metrics.groupCommitSize.observe({ call }, items);
  const settle = groupCommit(
    (batch: { settlement: Settlement; isPatient: boolean }[]) => queue.settle(batch.map((one) => one.settlement)),
    {
      ...limits,
      sizeOf: ({ settlement }) => settlement.attempt?.response_body.length ?? 0,
      observe: observe('settle'),
      gather: { isPatient: (one) => one.isPatient, ms: GATHERED_FOR_MS },
    },
  );
  return {
    accept: groupCommit(queue.accept, { ...limits, sizeOf: sizeOfItem, observe: observe('accept') }),
    /** `isPatient`: it may wait a little for others, to be stored with them. */
    settle: (settlement: Settlement, isPatient: boolean) => settle({ settlement, isPatient }),
  };
}

function sizeOfItem(item: AcceptItem): number {
  if ('batch' in item) return item.batch.reduce((total, one) => total + sizeOfItem(one), 0);
  const event = 'event' in item ? item.event.body.length + stringifyJson(item.event.extracted).length : 0;
  return item.deliveries.reduce((total, { request_body }) => total + request_body.length, event);
}
