import { isLosslessNumber } from 'lossless-json';
import type { Names } from '../api/names.ts';

/** Fields of rows that hold the id of a record, and what kind of record it is. */
const REFERENCES = { source: 'sources', destination: 'destinations', mapping: 'mappings' } as const;

/** The row with names where it has ids: people know records by name. */
export async function withNames(row: object, names: Pick<Names, 'of'>): Promise<Record<string, unknown>> {
  const named: Record<string, unknown> = { ...row };
  for (const [field, kind] of Object.entries(REFERENCES)) {
    const id = named[field];
    if (typeof id === 'string' && id !== '') named[field] = await names.of(kind, id);
  }
  return named;
}

/** Whether a value, or one inside of it, has this text; case makes no difference. */
export function hasText(value: unknown, text: string): boolean {
  const wanted = text.toLowerCase();
  return textsIn(value).some((one) => one.toLowerCase().includes(wanted));
}

function textsIn(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'object' && !isLosslessNumber(value)) return Object.values(value).flatMap(textsIn);
  return [String(value)];
}
