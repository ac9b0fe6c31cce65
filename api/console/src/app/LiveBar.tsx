import { Button } from '../ui/Button.tsx';
import { type Look, Mark } from '../ui/Mark.tsx';
import type { Live } from './live.ts';

const LOOKS: Record<Live['state'], Look & { word: string }> = {
  connecting: { tone: 'grey', icon: 'clock', word: 'connecting' },
  live: { tone: 'green', icon: 'events', word: 'live' },
  paused: { tone: 'amber', icon: 'pause', word: 'paused' },
  lost: { tone: 'amber', icon: 'error', word: 'connection lost, trying again' },
};

/** Whether a list follows what happens; pausing it; how many wait. */
export function LiveBar({ live }: { live: Live }) {
  const { word, ...look } = LOOKS[live.state];
  const paused = live.state === 'paused';
  return (
    <>
      {live.waiting > 0 && (
        <Button small kind="primary" onClick={live.show}>
          {live.waiting} new
        </Button>
      )}
      <Mark {...look}>{word}</Mark>
      <Button small icon={paused ? 'play' : 'pause'} onClick={() => live.pause(!paused)}>
        {paused ? 'Go on' : 'Pause'}
      </Button>
    </>
  );
}
