import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { ApiFault } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import { Button } from '../ui/Button.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { mayCancel, mayRetry, useReload } from './acts.ts';
import css from './deliveries.module.css';

type Delivery = Schemas['DeliverySummary'];
type Command = 'retry' | 'cancel';

const WORDS: Record<Command, { verb: string; done: string }> = {
  retry: { verb: 'Retry', done: 'retried' },
  cancel: { verb: 'Cancel', done: 'cancelled' },
};

/** What can be done with the rows that are chosen. */
export function ChosenBar({ rows, onDone }: { rows: readonly Delivery[]; onDone: () => void }) {
  const api = useApi();
  const reload = useReload();
  const { show } = useToasts();
  const [done, setDone] = useState(0);
  const command = useMutation({
    mutationFn: async ({ command, ids }: { command: Command; ids: readonly string[] }) => {
      let changed = 0;
      for (const [index, id] of ids.entries()) {
        const result = await api
          .post(`/api/v1/deliveries/{id}/${command}`, { params: { path: { id } } })
          .catch(ignoreConflict);
        if (result) changed++;
        setDone(index + 1);
      }
      return changed;
    },
    onSuccess: (changed, { command, ids }) => {
      const others = ids.length - changed;
      const rest = others === 0 ? '' : `, ${others} had another state by then`;
      show({ text: `${changed} ${WORDS[command].done}${rest}` });
      onDone();
    },
    onError: (fault) => show({ text: faultOf(fault).detail, failed: true }),
    onSettled: () => {
      reload();
      setDone(0);
    },
  });
  const button = (name: Command, fits: (row: Delivery) => boolean) => {
    const ids = rows.filter(fits).map(({ id }) => id);
    return (
      <Button
        small
        disabled={ids.length === 0}
        pending={command.isPending}
        onClick={() => command.mutate({ command: name, ids })}
      >
        {WORDS[name].verb} {ids.length} {ids.length === 1 ? 'delivery' : 'deliveries'}
      </Button>
    );
  };
  return (
    <section className={css.chosen} aria-label="What is chosen">
      <b>{command.isPending ? `${done} of ${rows.length} …` : `${rows.length} chosen`}</b>
      {button('retry', mayRetry)}
      {button('cancel', mayCancel)}
      <Button small kind="plain" onClick={onDone}>
        Choose none
      </Button>
    </section>
  );
}

/** It went on by itself meanwhile. */
function ignoreConflict(fault: unknown): undefined {
  if (fault instanceof ApiFault && (fault.status === 409 || fault.status === 404)) return undefined;
  throw fault;
}
