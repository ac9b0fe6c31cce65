const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const FORM = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)$/;

/** tests/shared/destinations.json holds the PocketBase service, which checks schedules at save, to the same. `500ms`, `5s`, `2h`, `7d` → milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = FORM.exec(text.trim());
  if (!match) return undefined;
  return Math.round(Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]);
}

/** The same, written in the largest unit that it is a whole number of: 90000 → `90s`, 120000 → `2m`. */
export function formatDuration(milliseconds: number): string {
  const [unit, size] = Object.entries(UNITS).findLast(([, size]) => milliseconds % size === 0) ?? ['ms', 1];
  return `${milliseconds / size}${unit}`;
}
