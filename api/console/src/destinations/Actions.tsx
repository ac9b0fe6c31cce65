import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { useMayWrite } from '../app/session.tsx';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import { Menu } from '../ui/Menu.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { useChange, usePatch } from './data.ts';

type Destination = Schemas['Destination'];

/** What can be done with a destination; nothing for viewers. */
export function Actions({ destination }: { destination: Destination }) {
  const { id, enabled = true } = destination;
  const { show } = useToasts();
  const [deleting, setDeleting] = useState(false);
  const patch = usePatch(id);
  if (!useMayWrite()) return null;
  const onError = (fault: unknown) => show({ text: faultOf(fault).detail, failed: true });
  return (
    <>
      <Pause destination={destination} onError={onError} />
      <Link to={`/destinations/${id}/edit` as string} className={buttonClass({})}>
        Edit
      </Link>
      <Menu
        label="More"
        trigger={<Button icon="more">More</Button>}
        actions={[
          {
            id: 'enable',
            label: enabled ? 'Disable' : 'Enable',
            icon: enabled ? 'ban' : 'check',
            run: () => patch.mutate({ enabled: !enabled }, { onError }),
          },
          { id: 'delete', label: 'Delete …', icon: 'close', run: () => setDeleting(true) },
        ]}
      />
      {deleting && <Delete destination={destination} onClose={() => setDeleting(false)} />}
    </>
  );
}

function Pause({ destination, onError }: { destination: Destination; onError: (fault: unknown) => void }) {
  const params = { path: { id: destination.id } };
  const api = useApi();
  const { show } = useToasts();
  const resume = useChange(() => api.post('/api/v1/destinations/{id}/resume', { params }));
  const pause = useChange(() => api.post('/api/v1/destinations/{id}/pause', { params }));
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
  return destination.paused ? (
    <Button kind="primary" icon="play" pending={resume.isPending} onClick={letGo}>
      Resume
    </Button>
  ) : (
    <Button icon="pause" pending={pause.isPending} onClick={hold}>
      Pause
    </Button>
  );
}

function Delete({ destination: { id, name = '' }, onClose }: { destination: Destination; onClose: () => void }) {
  const api = useApi();
  const navigate = useNavigate();
  const remove = useChange(() => api.delete('/api/v1/destinations/{id}', { params: { path: { id } } }));
  return (
    <Confirm
      title={`Delete ${name}?`}
      name={name}
      action={`Delete ${name}`}
      pending={remove.isPending}
      fault={remove.error ? faultOf(remove.error) : undefined}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/destinations' as string }) })}
      onClose={onClose}
    >
      <p>Its mappings go with it, and what still waits is cancelled. Its history stays.</p>
    </Confirm>
  );
}
