import { Mark } from '../ui/Mark.tsx';
import { type Standable, standingOf } from './standing.ts';

export function StandingMark({ destination }: { destination: Standable }) {
  const { tone, icon, word } = standingOf(destination);
  return (
    <Mark tone={tone} icon={icon}>
      {word}
    </Mark>
  );
}
