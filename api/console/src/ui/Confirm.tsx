import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from './Button.tsx';
import { Dialog, DialogActions } from './Dialog.tsx';
import { ErrorNote, type Fault } from './ErrorNote.tsx';
import { TextField } from './Field.tsx';

export interface ConfirmProps {
  title: string;
  /** What happens, and what can't be undone. */
  children: ReactNode;
  /** The verb on the button: "Delete github". */
  action: string;
  /** If given it must be typed: for what can't be undone. */
  name?: string;
  pending?: boolean;
  fault?: Fault | undefined;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something is taken away. */
export function Confirm({ title, children, action, name, pending = false, fault, onConfirm, onClose }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onConfirm();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} style={{ display: 'contents' }}>
        <div>{children}</div>
        {name !== undefined && (
          <TextField label={`Type ${name} to confirm`} value={typed} onChange={setTyped} autoComplete="off" />
        )}
        {fault && <ErrorNote fault={fault} />}
        <DialogActions>
          <Button onClick={onClose}>Keep</Button>
          <Button type="submit" kind="danger" pending={pending} disabled={name !== undefined && typed !== name}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
