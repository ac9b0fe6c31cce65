import type { Schemas } from '../../../client/schemas.ts';
import { Mark } from '../ui/Mark.tsx';
import { standingOf } from './standing.ts';

export function StandingMark({ destination }: { destination: Schemas['Destination'] }) {
  const { tone, icon, word } = standingOf(destination);
  return (
    <Mark tone={tone} icon={icon}>
      {word}
    </Mark>
  );
}
