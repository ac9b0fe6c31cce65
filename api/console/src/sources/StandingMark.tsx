import type { Schemas } from '../../../client/schemas.ts';
import { Mark } from '../ui/Mark.tsx';

/** Whether a source takes what producers send. */
export function StandingMark({ source: { unreadable, enabled } }: { source: Schemas['Source'] }) {
  if (unreadable) {
    return (
      <Mark tone="red" icon="error">
        unreadable
      </Mark>
    );
  }
  return enabled ? (
    <Mark tone="green" icon="check">
      open
    </Mark>
  ) : (
    <Mark tone="amber" icon="pause">
      paused
    </Mark>
  );
}
