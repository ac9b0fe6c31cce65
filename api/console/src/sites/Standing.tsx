import type { Schemas } from '../../../client/schemas.ts';
import { type Look, Mark } from '../ui/Mark.tsx';

type Site = Schemas['Site'];
type Phase = Schemas['TriggerState']['phase'];

const PHASES: Record<Phase, Look & { word: string }> = {
  learning: { tone: 'grey', icon: 'clock', word: 'learning' },
  armed: { tone: 'green', icon: 'check', word: 'armed' },
  muted: { tone: 'amber', icon: 'pause', word: 'muted' },
  firing: { tone: 'red', icon: 'bell', word: 'firing' },
  cooling: { tone: 'amber', icon: 'clock', word: 'cooling down' },
  off: { tone: 'grey', icon: 'ban', word: 'off' },
};

export function PhaseMark({ state }: { state: Schemas['Trigger']['state'] }) {
  const { tone, icon, word } = PHASES[state?.phase ?? 'learning'];
  return (
    <Mark tone={tone} icon={icon}>
      {word}
    </Mark>
  );
}

/** Whether a site's hits arrive. */
export function SiteMark({ site }: { site: Site }) {
  const { tone, icon, word } = lookOf(site);
  return (
    <Mark tone={tone} icon={icon}>
      {word}
    </Mark>
  );
}

function lookOf({ unreadable, enabled, hits, statistics }: Site): Look & { word: string } {
  if (unreadable) return { tone: 'red', icon: 'error', word: 'unreadable' };
  if (!enabled) return { tone: 'grey', icon: 'ban', word: 'disabled' };
  if (statistics?.problem) return { tone: 'red', icon: 'failed', word: 'not read' };
  if (statistics && statistics.read_at === null) return { tone: 'amber', icon: 'clock', word: 'waiting' };
  if (hits?.silent) return { tone: 'red', icon: 'failed', word: 'silent' };
  if (hits && hits.last === null) return { tone: 'amber', icon: 'clock', word: 'waiting' };
  return { tone: 'green', icon: 'check', word: 'counting' };
}
