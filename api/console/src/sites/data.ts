import { useRecords } from '../app/records.ts';

/** Whether hits arrive, and where triggers stand, is read again and again. */
export const EVERY_MS = 5_000;

/** The goals and triggers of a site. */
export function useOfSite(site: string) {
  return {
    goals: useRecords('goals').filter((goal) => goal.site === site),
    triggers: useRecords('triggers', { every: EVERY_MS }).filter((trigger) => trigger.site === site),
  };
}
