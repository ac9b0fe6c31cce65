/** A point in time as PocketBase stores it: `2026-01-31 12:00:00.000Z`. */
export function storeTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ');
}
