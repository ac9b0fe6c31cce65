import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ApiClient } from '../../../client/client.ts';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { RecordName } from '../app/names.tsx';
import { sinceTime } from '../app/search.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogActions } from '../ui/Dialog.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { TextField } from '../ui/Field.tsx';
import { Progress } from '../ui/Progress.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { useReload } from './acts.ts';
import css from './deliveries.module.css';
import type { DeliveriesSearch } from './filters.ts';

type Many = Schemas['ManyDeliveries'];

export type ManyAct =
  | { command: 'retry'; state: Schemas['RetryDeliveries']['state'] }
  | { command: 'cancel'; state: Schemas['CancelDeliveries']['state'] };

const WORDS = {
  retry: { verb: 'Retry', done: 'retried' },
  cancel: { verb: 'Cancel', done: 'cancelled' },
} as const;

/** Counts first what would come of it, then does it, some hundred at a time, and says how far it is. Closed, it stops. */
export function ManyDialog({ act, search, onClose }: { act: ManyAct; search: DeliveriesSearch; onClose: () => void }) {
  const api = useApi();
  const reload = useReload();
  const { show } = useToasts();
  const [rate, setRate] = useState('');
  const [done, setDone] = useState(0);
  const [stopped] = useState(() => new AbortController());
  // Those that come later are not meant.
  const [selection] = useState(() => selectionOf(search, Date.now()));
  const { verb, done: doneWord } = WORDS[act.command];

  const estimate = useQuery({
    queryKey: ['many', act, selection],
    queryFn: () => command(api, act, { ...selection, dry_run: true }),
    gcTime: 0,
  });
  const run = useMutation({
    mutationFn: async () => {
      let cursor: string | null = null;
      let changed = 0;
      do {
        const page: Many = await command(api, act, {
          ...selection,
          ...(cursor && { cursor }),
          ...(rate !== '' && { rate: Number(rate) }),
        });
        changed += countOf(page);
        cursor = page.next_cursor;
        setDone(changed);
      } while (cursor !== null && !stopped.signal.aborted);
      return changed;
    },
    onSuccess: (changed) => {
      show({ text: `${changed} ${doneWord}` });
      onClose();
    },
    onSettled: reload,
  });
  const total = estimate.data ? countOf(estimate.data) : undefined;
  const close = () => {
    stopped.abort();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run.mutate();
  };

  return (
    <Dialog title={`${verb} all deliveries that are ${act.state}`} onClose={close}>
      <form className={css.many} onSubmit={submit}>
        {total === undefined && !estimate.error && <p role="status">Counting …</p>}
        {estimate.data && <Outcomes many={estimate.data} />}
        {act.command === 'retry' && total !== 0 && (
          <TextField
            label="How many a second"
            hint="Empty: all at once, as far as the limits of their destinations allow."
            inputMode="decimal"
            value={rate}
            onChange={setRate}
          />
        )}
        {run.isPending && total !== undefined && <Progress value={done} max={total} label={`${done} of ${total}`} />}
        {(estimate.error ?? run.error) && <ErrorNote fault={faultOf(estimate.error ?? run.error)} />}
        <DialogActions>
          <Button onClick={close}>{run.isPending ? 'Stop' : 'Close'}</Button>
          <Button
            type="submit"
            kind={act.command === 'cancel' ? 'danger' : 'primary'}
            disabled={!total}
            pending={run.isPending}
          >
            {run.isPending
              ? `${done} of ${total} …`
              : `${verb} ${total ?? ''} ${total === 1 ? 'delivery' : 'deliveries'}`}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function Outcomes({ many }: { many: Many }) {
  if (many.outcomes.length === 0) return <p>There is none that fits these filters.</p>;
  return (
    <ul className={css.outcomes}>
      {many.outcomes.map(({ destination, outcome, deliveries }) => (
        <li key={destination + outcome}>
          <b>{deliveries}</b> to <RecordName id={destination} plain /> {OUTCOME_WORDS[outcome]}
        </li>
      ))}
    </ul>
  );
}

const OUTCOME_WORDS: Record<Many['outcomes'][number]['outcome'], string> = {
  pending: '',
  held: 'will be held: it takes nothing now',
  cancelled: '',
  destination_deleted: 'stay: the destination is deleted',
  changed: 'stay: they have another state by now',
};

function selectionOf({ destination, mapping, event, since }: DeliveriesSearch, now: number) {
  const from = sinceTime(since, now);
  return {
    to: new Date(now).toISOString(),
    ...(from && { from }),
    ...(destination && { destination }),
    ...(mapping && { mapping }),
    ...(event && { event }),
  };
}

function command(api: ApiClient, act: ManyAct, selection: object): Promise<Many> {
  return act.command === 'retry'
    ? api.post('/api/v1/deliveries/retry', { body: { ...selection, state: act.state } })
    : api.post('/api/v1/deliveries/cancel', { body: { ...selection, state: act.state } });
}

function countOf({ outcomes }: Many): number {
  const changed = outcomes.filter(({ outcome }) => outcome !== 'changed' && outcome !== 'destination_deleted');
  return changed.reduce((sum, { deliveries }) => sum + deliveries, 0);
}
