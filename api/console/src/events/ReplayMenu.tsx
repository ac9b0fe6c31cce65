import type { Schemas } from '../../../client/schemas.ts';
import { useMayWrite } from '../app/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Menu } from '../ui/Menu.tsx';
import { useReplay } from './replay.ts';

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
