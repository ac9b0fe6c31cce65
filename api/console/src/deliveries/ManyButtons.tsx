import { Link } from '@tanstack/react-router';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import type { DeliveriesSearch, DeliveryState } from './filters.ts';
import type { ManyAct } from './ManyDialog.tsx';

interface ManyProps {
  state: DeliveryState | undefined;
  search: DeliveriesSearch;
  onAct: (act: ManyAct) => void;
}

/** Acts on all deliveries that fit the filters, not only those that are shown; for the states that have one. */
export function ManyButtons({ state, search, onAct }: ManyProps) {
  const { type, q, source, correlation_id } = search;
  // Such acts know no such filters.
  if ([type, q, source, correlation_id].some((filter) => filter !== undefined)) return null;
  const isLeft = state !== undefined && state !== 'delivered' && state !== 'delivering';
  return (
    <>
      {isLeft && state !== 'held' && (
        <Button small icon="retry" onClick={() => onAct({ command: 'retry', state })}>
          Retry all …
        </Button>
      )}
      {(state === 'pending' || state === 'held') && (
        <Button small icon="ban" onClick={() => onAct({ command: 'cancel', state })}>
          Cancel all …
        </Button>
      )}
      <ReplayLink state={state} search={search} />
    </>
  );
}

/** To a replay of what is listed; nothing for filters that a replay has not. */
function ReplayLink({ state, search: { destination, mapping, event, since } }: Omit<ManyProps, 'onAct'>) {
  if (mapping !== undefined || event !== undefined || (state === undefined && destination === undefined)) return null;
  return (
    <Link
      to={'/replays/new' as string}
      search={{ destination, status: state, since: since ?? '30d' } as never}
      className={buttonClass({ small: true })}
    >
      <Icon name="replays" size={14} />
      Replay all …
    </Link>
  );
}
