import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { useMayWrite } from '../app/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Menu } from '../ui/Menu.tsx';
import { useToasts } from '../ui/Toast.tsx';

/** Makes new deliveries of an event, by today's rules or of the first bytes; says what came of it. */
export function useReplay() {
  const api = useApi();
  const queries = useQueryClient();
  const { show } = useToasts();
  return useMutation({
    mutationFn: ({ id, mode }: { id: string; mode: Schemas['ReplayMode'] }) =>
      api.post('/api/v1/events/{id}/replay', { params: { path: { id } }, body: { mode } }),
    onSuccess: ({ deliveries }, { id }) => {
      show({ text: deliveries.length === 1 ? '1 new delivery' : `${deliveries.length} new deliveries` });
      void queries.invalidateQueries({ queryKey: ['event', id] });
    },
    onError: (fault) => show({ text: faultOf(fault).detail, failed: true }),
  });
}

export function ReplayMenu({ event: { id } }: { event: Pick<Schemas['Event'], 'id'> }) {
  const replay = useReplay();
  if (!useMayWrite()) return null;
  return (
    <Menu
      label="Replay"
      trigger={
        <Button small icon="replays" pending={replay.isPending}>
          Replay
        </Button>
      }
      actions={[
        { id: 'current', label: "By today's rules", run: () => replay.mutate({ id, mode: 'current' }) },
        {
          id: 'original',
          label: 'The bytes of the first deliveries',
          run: () => replay.mutate({ id, mode: 'original' }),
        },
      ]}
    />
  );
}
