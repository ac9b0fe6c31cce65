import type { AccountScope } from './records.ts';

/** Whether a call may touch a record of the configuration; false also for one that is not there. */
export function isTheirs<R extends { account: string }>(record: R | undefined, scope: AccountScope): record is R {
  return record !== undefined && (scope === undefined || record.account === scope);
}
