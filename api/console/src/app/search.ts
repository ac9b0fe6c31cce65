/** The texts among a page's search parameters, by name; others are left out. For `validateSearch`. */
export function textParams<Name extends string>(names: readonly Name[]) {
  return (search: Record<string, unknown>): { [N in Name]?: string } => {
    const texts = names.flatMap((name) => {
      const value = search[name];
      const isText = typeof value === 'string' || typeof value === 'number';
      return isText && value !== '' ? [[name, String(value)] as const] : [];
    });
    return Object.fromEntries(texts) as { [N in Name]?: string };
  };
}

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Coarse, so that a page that is drawn again asks for the same. */
const STEP_MS = 10_000;

/** The time that `since` means, such as 15m, 24h or 7d, or a time itself; undefined when it means none. */
export function sinceTime(since: string | undefined, now: number): string | undefined {
  if (since === undefined) return undefined;
  const [, count, unit] = /^(\d{1,4})([mhd])$/.exec(since) ?? [];
  if (count && unit) {
    const from = now - Number(count) * (UNITS[unit] as number);
    return new Date(Math.floor(from / STEP_MS) * STEP_MS).toISOString();
  }
  return Number.isNaN(Date.parse(since)) ? undefined : new Date(since).toISOString();
}

export const SINCE_OPTIONS = [
  { value: '15m', label: '15 minutes ago' },
  { value: '1h', label: 'an hour ago' },
  { value: '24h', label: 'yesterday at this time' },
  { value: '7d', label: 'a week ago' },
  { value: '30d', label: '30 days ago' },
];
