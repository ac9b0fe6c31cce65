/** Columns that hold a time, in any collection. */
const TIMES: ReadonlySet<string> = new Set([
  ...['created', 'updated', 'received_at', 'started_at', 'finished_at', 'next_attempt_at', 'expires_at'],
  ...['failing_since', 'next_probe_at', 'last_used_at', 'link_expires_at', 'from', 'to'],
]);

/** As `toISOString` writes it. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** RFC 3339 → PocketBase's form, `2026-01-31 12:00:00.000Z`: UTC, so that texts sort as times do. */
export function toStoreTime(time: string): string {
  if (ISO_TIME.test(time)) return time.replace('T', ' ');
  return new Date(time).toISOString().replace('T', ' ');
}

/** A row with its times by RFC 3339; those that are not set, which PocketBase writes as empty texts, are null. */
export function withModelTimes<T extends object>(row: object): T {
  const fields = Object.entries(row).map(([name, value]) => [name, TIMES.has(name) ? toOptionalTime(value) : value]);
  return Object.fromEntries(fields) as T;
}

/** PocketBase's form → RFC 3339. */
export function toModelTime(time: string): string {
  return time.replace(' ', 'T');
}

function toOptionalTime(time: string): string | null {
  return time === '' ? null : toModelTime(time);
}
