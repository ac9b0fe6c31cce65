import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { RecordActs } from '../app/RecordActs.tsx';
import { useChange } from '../app/records.ts';
import { Button } from '../ui/Button.tsx';
import { useToasts } from '../ui/Toast.tsx';

type Destination = Schemas['Destination'];

/** What can be done with a destination; nothing for viewers. */
export function Actions({ destination }: { destination: Destination }) {
  return (
    <RecordActs
      kind="destinations"
      record={destination}
      name={destination.name}
      gone="Its mappings go with it, and what still waits is cancelled. Its history stays."
      after="/destinations"
      edit
      switchAside
    >
      <Pause destination={destination} />
    </RecordActs>
  );
}

function Pause({ destination: { id, paused } }: { destination: Destination }) {
  const params = { path: { id } };
  const api = useApi();
  const { show } = useToasts();
  const resume = useChange(() => api.post('/api/v1/destinations/{id}/resume', { params }));
  const pause = useChange(() => api.post('/api/v1/destinations/{id}/pause', { params }));
  const onError = (fault: unknown) => show({ text: faultOf(fault).detail, failed: true });
  const letGo = () =>
    resume.mutate(undefined, {
      onError,
      onSuccess: ({ deliveries }) => show({ text: `Resumed: ${deliveries} held deliveries go out` }),
    });
  const hold = () =>
    pause.mutate(undefined, {
      onError,
      onSuccess: ({ deliveries }) => show({ text: `Paused: ${deliveries} deliveries are held`, undo: letGo }),
    });
  return paused ? (
    <Button kind="primary" icon="play" pending={resume.isPending} onClick={letGo}>
      Resume
    </Button>
  ) : (
    <Button icon="pause" pending={pause.isPending} onClick={hold}>
      Pause
    </Button>
  );
}
