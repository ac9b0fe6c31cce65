import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { RecordName } from '../app/names.tsx';
import { useRecords } from '../app/records.ts';
import { Button } from '../ui/Button.tsx';
import { Mark } from '../ui/Mark.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { useReload } from './acts.ts';
import css from './deliveries.module.css';

type Destination = Schemas['Destination'];
type Held = Pick<Schemas['DeliverySummary'], 'destination'>;

/** Above what is held: the destinations that hold it, why, and how to let it go. */
export function HeldDestinations({ rows, mayWrite }: { rows: readonly Held[]; mayWrite: boolean }) {
  const ids = new Set(rows.map(({ destination }) => destination));
  const holding = useRecords('destinations').filter(({ id, paused, enabled }) => ids.has(id) && (paused || !enabled));
  return (
    <ul className={css.holding}>
      {holding.map((destination) => (
        <Holding key={destination.id} destination={destination} mayWrite={mayWrite} />
      ))}
    </ul>
  );
}

function Holding({ destination, mayWrite }: { destination: Destination; mayWrite: boolean }) {
  const { id, paused, enabled, disabled_reason } = destination;
  const [rate, setRate] = useState('');
  const drain = useDrain(destination);
  return (
    <li>
      <Mark tone="amber" icon="pause">
        <RecordName id={id} />
      </Mark>
      <span className={css.soft}>
        {paused ? 'is paused' : 'is disabled'}
        {!enabled && disabled_reason && `: ${disabled_reason}`}
      </span>
      {mayWrite && (
        <form
          className={css.drain}
          onSubmit={(event) => {
            event.preventDefault();
            drain.mutate(rate === '' ? undefined : Number(rate));
          }}
        >
          {enabled && (
            <label>
              at{' '}
              <input
                inputMode="decimal"
                size={4}
                placeholder="any"
                value={rate}
                onChange={(event) => setRate(event.target.value)}
              />{' '}
              a second
            </label>
          )}
          <Button small type="submit" icon="play" pending={drain.isPending}>
            {enabled ? 'Let them go' : 'Enable and let them go'}
          </Button>
        </form>
      )}
    </li>
  );
}

function useDrain({ id, enabled }: Destination) {
  const api = useApi();
  const queries = useQueryClient();
  const reload = useReload();
  const { show } = useToasts();
  const path = { params: { path: { id } } };
  return useMutation({
    mutationFn: async (rate: number | undefined) => {
      if (!enabled) await api.patch('/api/v1/destinations/{id}', { ...path, body: { enabled: true } });
      return api.post('/api/v1/destinations/{id}/resume', { ...path, body: rate === undefined ? {} : { rate } });
    },
    onSuccess: ({ deliveries }) =>
      show({ text: `${deliveries} ${deliveries === 1 ? 'delivery goes' : 'deliveries go'} out` }),
    onError: (fault) => show({ text: faultOf(fault).detail, failed: true }),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['/api/v1/destinations'] });
      reload();
    },
  });
}
