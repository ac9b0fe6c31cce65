import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import type { IconName } from '../ui/Icon.tsx';
import { Menu, type MenuAction } from '../ui/Menu.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { faultOf } from './faults.ts';
import { type RecordKind, useDelete, usePatch } from './records.ts';
import { useMayWrite } from './session.tsx';

interface Switch {
  on: { verb: string; icon: IconName };
  off: { verb: string; icon: IconName; done: string };
}

export interface RecordActsProps {
  kind: RecordKind;
  record: { id: string; enabled?: boolean | undefined };
  name: string;
  /** What becomes of other things when it is deleted. */
  gone: string;
  /** Where one is led then. */
  after: string;
  /** It has a page to edit it. */
  edit?: boolean;
  /** Words for being enabled or not, where they are its own. */
  words?: Switch;
  /** Enabling it is among the acts that few need: another one comes first. */
  switchAside?: boolean;
  /** Acts that come first. */
  children?: ReactNode;
}

/** What can be done with any record: enable or disable it, which can be undone, edit it, delete it. Nothing for viewers. */
export function RecordActs(props: RecordActsProps) {
  const { kind, record, name, gone, after, edit = false, words, switchAside = false, children } = props;
  const [deleting, setDeleting] = useState(false);
  const { enabled, pending, toggle, verb, icon } = useSwitch(props);
  if (!useMayWrite()) return null;
  const aside: MenuAction[] = [
    ...(switchAside ? [{ id: 'enable', label: verb, icon, run: toggle }] : []),
    { id: 'delete', label: 'Delete …', icon: 'close', run: () => setDeleting(true) },
  ];
  return (
    <>
      {children}
      {!switchAside && (
        <Button kind={enabled || !words ? undefined : 'primary'} icon={icon} pending={pending} onClick={toggle}>
          {verb}
        </Button>
      )}
      {edit && (
        <Link to={`/${kind}/${record.id}/edit` as string} className={buttonClass({})}>
          Edit
        </Link>
      )}
      <Menu label="More" trigger={<Button icon="more">More</Button>} actions={aside} />
      {deleting && (
        <Delete kind={kind} id={record.id} name={name} after={after} onClose={() => setDeleting(false)}>
          {gone}
        </Delete>
      )}
    </>
  );
}

/** Enables a record, or disables it; what was done can be undone. */
function useSwitch({ kind, record: { id, enabled = true }, name, words }: RecordActsProps) {
  const { show } = useToasts();
  const patch = usePatch(kind, id);
  const { on, off } = words ?? {
    on: { verb: 'Enable', icon: 'check' },
    off: { verb: 'Disable', icon: 'ban', done: `${name} is disabled` },
  };
  const set = (next: boolean) =>
    patch.mutate({ enabled: next } as never, {
      onError: (fault) => show({ text: faultOf(fault).detail, failed: true }),
      onSuccess: () => !next && show({ text: off.done, undo: () => set(true) }),
    });
  const { verb, icon } = enabled ? off : on;
  return { enabled, pending: patch.isPending, toggle: () => set(!enabled), verb, icon } as const;
}

interface DeleteProps {
  kind: RecordKind;
  id: string;
  name: string;
  after: string;
  onClose: () => void;
  children: ReactNode;
}

function Delete({ kind, id, name, after, onClose, children }: DeleteProps) {
  const navigate = useNavigate();
  const remove = useDelete(kind, id);
  return (
    <Confirm
      title={`Delete ${name}?`}
      name={name}
      action={`Delete ${name}`}
      pending={remove.isPending}
      fault={remove.error ? faultOf(remove.error) : undefined}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: after }) })}
      onClose={onClose}
    >
      <p>{children}</p>
    </Confirm>
  );
}
