import { isLosslessNumber } from 'lossless-json';
import { KIND_NAMES, KINDS, type KindName } from '../../kinds/index.ts';
import type { Names } from '../api/names.ts';

/** Fields of rows that hold one id or several of a kind: `source`, `sources`. */
const REFERENCES = KIND_NAMES.flatMap((kind) => [[KINDS[kind].singular, kind] as const, [kind, kind] as const]);

/** Replaces ids in a row by names, which people search for. */
export async function withNames(row: object, names: Pick<Names, 'of'>): Promise<Record<string, unknown>> {
  const named: Record<string, unknown> = { ...row };
  const nameOf = (kind: KindName, id: unknown) => (typeof id === 'string' && id !== '' ? names.of(kind, id) : id);
  for (const [field, kind] of REFERENCES) {
    const ids = named[field];
    if (ids !== undefined)
      named[field] = Array.isArray(ids)
        ? await Promise.all(ids.map((id) => nameOf(kind, id)))
        : await nameOf(kind, ids);
  }
  return named;
}

/** Whether a value, or one nested in it, contains the text, ignoring case. */
export function hasText(value: unknown, text: string): boolean {
  const wanted = text.toLowerCase();
  return textsIn(value).some((one) => one.toLowerCase().includes(wanted));
}

function textsIn(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'object' && !isLosslessNumber(value)) return Object.values(value).flatMap(textsIn);
  return [String(value)];
}
