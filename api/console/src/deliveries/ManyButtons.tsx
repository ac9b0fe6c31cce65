import { Button } from '../ui/Button.tsx';
import type { DeliveryState } from './filters.ts';
import type { ManyAct } from './ManyDialog.tsx';

/** Acts on all deliveries that fit the filters, not only those that are shown; for the states that have one. */
export function ManyButtons({ state, onAct }: { state: DeliveryState | undefined; onAct: (act: ManyAct) => void }) {
  if (state === undefined || state === 'delivered' || state === 'delivering') return null;
  return (
    <>
      {state !== 'held' && (
        <Button small icon="retry" onClick={() => onAct({ command: 'retry', state })}>
          Retry all …
        </Button>
      )}
      {(state === 'pending' || state === 'held') && (
        <Button small icon="ban" onClick={() => onAct({ command: 'cancel', state })}>
          Cancel all …
        </Button>
      )}
    </>
  );
}
