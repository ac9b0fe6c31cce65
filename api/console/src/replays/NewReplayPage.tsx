import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../app/api.ts';
import { fieldErrors } from '../app/client.ts';
import { type SetField, setterOf } from '../app/DraftForm.tsx';
import { DELIVERY_STATES } from '../app/delivery-states.ts';
import { faultOf } from '../app/faults.ts';
import { useRecords } from '../app/records.ts';
import { buttonClass } from '../ui/Button.tsx';
import { Checkbox, Select, TextField } from '../ui/Field.tsx';
import { Form, MoreFields } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { PageBody, PageHead, Section } from '../ui/Page.tsx';
import { bodyOf, type Draft, draftOf } from './draft.ts';
import { Estimate, useEstimate } from './Estimate.tsx';
import type { ReplaySearch } from './filters.ts';
import css from './replays.module.css';
import { deliveriesText, MODES } from './words.tsx';

/** A new replay: which events, where to, how; beside it, what it would make. */
export function NewReplayPage() {
  const api = useApi();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const search: ReplaySearch = useSearch({ strict: false });
  const [draft, setDraft] = useState<Draft>(() => draftOf(search, Date.now()));
  const estimate = useEstimate(draft);
  const start = useMutation({
    mutationFn: () => api.post('/api/v1/replays', { body: bodyOf(draft, Date.now()) }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['/api/v1/replays'] });
      if ('id' in made) await navigate({ to: `/replays/${made.id}` as string });
    },
  });
  const set = setterOf({ draft, onChange: setDraft });
  const errors = fieldErrors(start.error ?? estimate.error);
  const makes = estimate.settled ? estimate.data?.deliveries : undefined;
  return (
    <>
      <PageHead title="New replay" />
      <PageBody>
        <div className={css.beside}>
          <Form
            action={makes === undefined ? 'Replay' : `Replay ${deliveriesText(makes)}`}
            pending={start.isPending}
            disabled={!makes}
            fault={start.error ? faultOf(start.error) : undefined}
            onSubmit={() => start.mutate()}
            cancel={
              <Link to={'/replays' as string} className={buttonClass({})}>
                Cancel
              </Link>
            }
          >
            <Which draft={draft} set={set} errors={errors} />
            <Select
              label="What is sent"
              value={draft.mode}
              onChange={set('mode')}
              options={[
                { value: 'original', label: `${MODES.original}: the receiver lost them` },
                { value: 'current', label: `${MODES.current}: a rule was wrong, or is new` },
              ]}
            />
            <TextField
              label="Deliveries a second"
              inputMode="numeric"
              value={draft.rate}
              onChange={set('rate')}
              hint="At most 1000; new events go first in any case."
              error={errorOf(errors, 'rate')}
            />
          </Form>
          <Section title="What it would make">
            <Estimate estimate={estimate} rate={Number(draft.rate) || 0} />
          </Section>
        </div>
      </PageBody>
    </>
  );
}

interface WhichProps {
  draft: Draft;
  set: SetField<Draft>;
  errors: ReturnType<typeof fieldErrors>;
}

function Which({ draft, set, errors }: WhichProps) {
  const choices = (any: string, records: readonly { id: string; name: string }[]) => [
    { value: '', label: any },
    ...records.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <>
      <div className={css.times}>
        <TextField
          label="Received from"
          type="datetime-local"
          value={draft.from}
          onChange={set('from')}
          error={errorOf(errors, 'from')}
          required
        />
        <TextField
          label="Until"
          type="datetime-local"
          value={draft.to}
          onChange={set('to')}
          hint="Empty is now."
          error={errorOf(errors, 'to')}
        />
      </div>
      <Select
        label="By the source"
        value={draft.source}
        onChange={set('source')}
        options={choices('Every source', useRecords('sources'))}
        error={errorOf(errors, 'source')}
      />
      <Select
        label="To the destination"
        value={draft.destination}
        onChange={set('destination')}
        options={choices('Every destination', useRecords('destinations'))}
        error={errorOf(errors, 'destination')}
      />
      <MoreFields title="Only some of them" open={draft.status !== '' || draft.onlyMissing}>
        <Select
          label="Whose delivery is"
          value={draft.status}
          onChange={set('status')}
          options={[
            { value: '', label: 'in any state, or none' },
            ...DELIVERY_STATES.map((state) => ({ value: state, label: state })),
          ]}
          error={errorOf(errors, 'status')}
        />
        <Checkbox
          label="Only what is missing"
          checked={draft.onlyMissing}
          onChange={set('onlyMissing')}
          hint="Where nothing arrived and nothing is under way: it would arrive twice."
        />
      </MoreFields>
    </>
  );
}
