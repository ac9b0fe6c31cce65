import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import type { Command } from '../app/ChosenBar.tsx';
import { mayCancel, mayRetry } from './acts.ts';

type Delivery = Schemas['DeliverySummary'];

/** What can be done with deliveries that are chosen. */
export function useCommands(): readonly Command<Delivery>[] {
  const api = useApi();
  return [
    {
      label: (count) => `Retry ${deliveries(count)}`,
      done: 'retried',
      fits: mayRetry,
      run: ({ id }) => api.post('/api/v1/deliveries/{id}/retry', { params: { path: { id } } }),
    },
    {
      label: (count) => `Cancel ${deliveries(count)}`,
      done: 'cancelled',
      fits: mayCancel,
      run: ({ id }) => api.post('/api/v1/deliveries/{id}/cancel', { params: { path: { id } } }),
    },
    {
      label: (count) => `Replay ${deliveries(count)}`,
      done: 'replayed',
      run: ({ event, destination }) =>
        api.post('/api/v1/events/{id}/replay', {
          params: { path: { id: event } },
          body: { mode: 'original', destinations: [destination] },
        }),
    },
  ];
}

function deliveries(count: number): string {
  return count === 1 ? '1 delivery' : `${count} deliveries`;
}
