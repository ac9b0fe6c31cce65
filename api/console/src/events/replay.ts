import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import type { Command } from '../app/ChosenBar.tsx';
import { faultOf } from '../app/faults.ts';
import { useToasts } from '../ui/Toast.tsx';

type Mode = Schemas['ReplayMode'];

/** Makes new deliveries of an event, by today's rules or of the first bytes. */
function useSendReplay() {
  const api = useApi();
  return (id: string, mode: Mode) =>
    api.post('/api/v1/events/{id}/replay', { params: { path: { id } }, body: { mode } });
}

/** The same, and says what came of it. */
export function useReplay() {
  const send = useSendReplay();
  const reload = useReload();
  const { show } = useToasts();
  return useMutation({
    mutationFn: ({ id, mode }: { id: string; mode: Mode }) => send(id, mode),
    onSuccess: ({ deliveries }) => {
      show({ text: deliveries.length === 1 ? '1 new delivery' : `${deliveries.length} new deliveries` });
      reload();
    },
    onError: (fault) => show({ text: faultOf(fault).detail, failed: true }),
  });
}

/** What can be done with events that are chosen. */
export function useCommands(): readonly Command<Pick<Schemas['EventSummary'], 'id'>>[] {
  const send = useSendReplay();
  return [
    {
      label: (count) => `Replay ${count === 1 ? '1 event' : `${count} events`}`,
      done: 'replayed',
      run: ({ id }) => send(id, 'original'),
    },
    {
      label: (count) => `Replay ${count} by today's rules`,
      done: "replayed by today's rules",
      run: ({ id }) => send(id, 'current'),
    },
  ];
}

/** Reads what shows deliveries of events anew. */
export function useReload(): () => void {
  const queries = useQueryClient();
  return () => {
    for (const key of ['event', '/api/v1/deliveries']) void queries.invalidateQueries({ queryKey: [key] });
  };
}
