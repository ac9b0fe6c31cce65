import { Problem } from '../../model/problems.ts';
import { storeTime } from '../../model/time.ts';
import type { TimeFilter } from '../records.ts';

/**
 * A time of a list's query as the store has it; undefined: none was asked for.
 * @throws Problem `validation_failed`: a leap second fits the contract, but is no time here
 */
export function queryTime(name: keyof TimeFilter, during: TimeFilter): string | undefined {
  const text = during[name];
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return storeTime(time);
  const message = 'must be a time that exists';
  throw new Problem('validation_failed', `query/${name} ${message}`, { errors: [{ field: `query/${name}`, message }] });
}
