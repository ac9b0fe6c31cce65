import { waitsForHandshake } from '../../../client/handshake.ts';
import type { Schemas } from '../../../client/schemas.ts';
import { Mark } from '../ui/Mark.tsx';

/** Whether a source takes what producers send. */
export function StandingMark({ source }: { source: Schemas['Source'] }) {
  const { unreadable, enabled } = source;
  if (unreadable) {
    return (
      <Mark tone="red" icon="error">
        unreadable
      </Mark>
    );
  }
  if (enabled && waitsForHandshake(source)) {
    return (
      <Mark tone="amber" icon="clock">
        waits for its handshake
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
