import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { useToasts } from '../ui/Toast.tsx';
import type { DeliveryState } from './filters.ts';

type Delivery = Pick<Schemas['DeliverySummary'], 'id' | 'state' | 'event' | 'destination'>;

export function mayRetry({ state }: { state: DeliveryState }): boolean {
  return state !== 'delivered' && state !== 'delivering';
}

export function mayCancel({ state }: { state: DeliveryState }): boolean {
  return state === 'pending' || state === 'held';
}

/** What can be done with deliveries by hand; each says what came of it, and a cancel can be undone. */
export function useActs() {
  const api = useApi();
  const { show } = useToasts();
  const reload = useReload();
  const failed = (fault: unknown) => show({ text: faultOf(fault).detail, failed: true });

  const retry = useMutation({
    mutationFn: (id: string) => api.post('/api/v1/deliveries/{id}/retry', { params: { path: { id } } }),
    onSuccess: ({ state }) => {
      show({ text: state === 'held' ? 'Held: its destination takes nothing now.' : 'Due now' });
      reload();
    },
    onError: failed,
  });
  const cancel = useMutation({
    mutationFn: (id: string) => api.post('/api/v1/deliveries/{id}/cancel', { params: { path: { id } } }),
    onSuccess: (_, id) => {
      show({ text: 'Cancelled', undo: () => retry.mutate(id) });
      reload();
    },
    onError: failed,
  });
  const replay = useMutation({
    mutationFn: ({ event, destination }: Delivery) =>
      api.post('/api/v1/events/{id}/replay', {
        params: { path: { id: event } },
        body: { mode: 'original', destinations: [destination] },
      }),
    onSuccess: ({ deliveries }) => {
      show({ text: deliveries.length === 1 ? '1 new delivery' : `${deliveries.length} new deliveries` });
      reload();
    },
    onError: failed,
  });
  return { retry, cancel, replay };
}

/** Reads lists and open deliveries anew. */
export function useReload(): () => void {
  const queries = useQueryClient();
  return () => {
    for (const key of ['/api/v1/deliveries', 'delivery', 'event']) void queries.invalidateQueries({ queryKey: [key] });
  };
}
