import type { Schemas } from '../../../client/schemas.ts';
import type { Look } from '../ui/Mark.tsx';

/** What tells how a destination, or a webhook, stands. */
export type Standable = Partial<
  Pick<Schemas['Destination'], 'unreadable' | 'disabled_reason' | 'enabled' | 'paused' | 'health'>
>;

/** How a destination stands: the word for it, and what it means for what is to be sent. */
export interface Standing extends Look {
  word: 'healthy' | 'failing' | 'probing' | 'paused' | 'disabled' | 'unreadable';
  /** A sentence; absent when all is well. */
  meaning?: string;
}

/** The first that holds, the one most in need of a hand before others. */
export function standingOf({ unreadable, disabled_reason, enabled, paused, health }: Standable): Standing {
  if (unreadable) {
    return { word: 'unreadable', tone: 'red', icon: 'error', meaning: 'It can’t be read, so nothing is sent to it.' };
  }
  if (!enabled) {
    return disabled_reason
      ? { word: 'disabled', tone: 'red', icon: 'failed', meaning: `${disabled_reason} What comes for it is held.` }
      : { word: 'disabled', tone: 'grey', icon: 'ban', meaning: 'Somebody disabled it. What comes for it is held.' };
  }
  if (paused) return { word: 'paused', tone: 'amber', icon: 'pause', meaning: 'What comes for it is held.' };
  if (health?.state === 'open') {
    const meaning = `${health.failures} attempts in a row have failed. Nothing is sent until one delivery, the probe, is tried.`;
    return { word: 'failing', tone: 'red', icon: 'failed', meaning };
  }
  if (health?.state === 'half_open') {
    return {
      word: 'probing',
      tone: 'amber',
      icon: 'clock',
      meaning: 'One delivery is tried; a success lets the others go.',
    };
  }
  return { word: 'healthy', tone: 'green', icon: 'check' };
}
