import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { useToasts } from '../ui/Toast.tsx';
import css from './ChosenBar.module.css';
import { ApiFault } from './client.ts';
import { faultOf } from './faults.ts';

export interface Command<T> {
  /** On the button: "Retry 3 deliveries". */
  label: (count: number) => string;
  /** After how many it was done to: "3 retried". */
  done: string;
  /** Whether a row can be done this to; absent: any. */
  fits?: (row: T) => boolean;
  run: (row: T) => Promise<unknown>;
}

export interface ChosenBarProps<T> {
  rows: readonly T[];
  commands: readonly Command<T>[];
  onDone: () => void;
  /** What was done may show elsewhere. */
  onChanged: () => void;
}

/** What can be done with the rows that are chosen, one after the other; says how far it is. */
export function ChosenBar<T>({ rows, commands, onDone, onChanged }: ChosenBarProps<T>) {
  const { show } = useToasts();
  const [done, setDone] = useState(0);
  const run = useMutation({
    mutationFn: async ({ command, chosen }: { command: Command<T>; chosen: readonly T[] }) => {
      let changed = 0;
      for (const [index, row] of chosen.entries()) {
        if (await command.run(row).then(() => true, isConflict)) changed++;
        setDone(index + 1);
      }
      return changed;
    },
    onSuccess: (changed, { command, chosen }) => {
      const others = chosen.length - changed;
      const rest = others === 0 ? '' : `, ${others} had another state by then`;
      show({ text: `${changed} ${command.done}${rest}` });
      onDone();
    },
    onError: (fault) => show({ text: faultOf(fault).detail, failed: true }),
    onSettled: () => {
      onChanged();
      setDone(0);
    },
  });
  return (
    <section className={css.bar} aria-label="What is chosen">
      <b>{run.isPending ? `${done} of ${run.variables.chosen.length} …` : `${rows.length} chosen`}</b>
      {commands.map((command) => {
        const chosen = rows.filter(command.fits ?? (() => true));
        return (
          <Button
            key={command.done}
            small
            disabled={chosen.length === 0}
            pending={run.isPending}
            onClick={() => run.mutate({ command, chosen })}
          >
            {command.label(chosen.length)}
          </Button>
        );
      })}
      <Button small kind="plain" onClick={onDone}>
        Choose none
      </Button>
    </section>
  );
}

/** It went on by itself meanwhile: not done, and no fault. */
function isConflict(fault: unknown): false {
  if (fault instanceof ApiFault && (fault.status === 409 || fault.status === 404)) return false;
  throw fault;
}
