import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../app/api.ts';
import { fieldErrors } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import { RecordView } from '../app/RecordView.tsx';
import { useChange, useRecord, useRecords } from '../app/records.ts';
import { buttonClass } from '../ui/Button.tsx';
import { Checkbox, Select, TextField } from '../ui/Field.tsx';
import { Form, MoreFields } from '../ui/Form.tsx';
import { errorOf, type FieldError } from '../ui/field-errors.ts';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { Backtest } from './Backtest.tsx';
import { useOfSite } from './data.ts';
import { bodyOf, type Draft, EMPTY } from './trigger-draft.ts';

/** A new trigger of a site; the backtest says how often it would have told before it is made. */
export function NewTriggerPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="New trigger" query={useRecord('sites', id)}>
      {({ account, domain }) => <Make site={id} account={account} domain={domain ?? ''} />}
    </RecordView>
  );
}

function Make({ site, account, domain }: { site: string; account: string; domain: string }) {
  const api = useApi();
  const navigate = useNavigate();
  const { goals } = useOfSite(site);
  const told = useRecords('destinations', { account });
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const create = useChange(() => api.post('/api/v1/triggers', { body: bodyOf(site, draft) }));
  const errors = fieldErrors(create.error);
  const set =
    <Name extends keyof Draft>(name: Name) =>
    (value: Draft[Name]) =>
      setDraft({ ...draft, [name]: value });
  const choose = (id: string, on: boolean) =>
    set('destinations')(on ? [...draft.destinations, id] : draft.destinations.filter((other) => other !== id));
  const isGoal = draft.type === 'goal_completion';
  return (
    <>
      <PageHead title={`New trigger of ${domain}`} />
      <PageBody>
        <Form
          action="Create trigger"
          pending={create.isPending}
          fault={create.error ? faultOf(create.error) : undefined}
          onSubmit={() =>
            create.mutate(undefined, { onSuccess: ({ id }) => void navigate({ to: `/triggers/${id}` as string }) })
          }
          cancel={
            <Link to={`/sites/${site}` as string} className={buttonClass({})}>
              Cancel
            </Link>
          }
        >
          <TextField label="Name" value={draft.name} onChange={set('name')} error={errorOf(errors, 'name')} required />
          <Select
            label="Tell of"
            value={draft.type}
            onChange={set('type')}
            options={[
              { value: 'visitor_spike', label: 'many visitors' },
              { value: 'visitor_drop', label: 'few visitors, or none' },
              { value: 'goal_completion', label: 'a goal that is completed' },
            ]}
          />
          {isGoal ? (
            <Select
              label="Goal"
              value={draft.goal}
              onChange={set('goal')}
              options={[
                { value: '', label: 'Choose …' },
                ...goals.map(({ id, name = id }) => ({ value: id, label: name })),
              ]}
              error={errorOf(errors, 'goal')}
            />
          ) : (
            <Threshold draft={draft} set={set} errors={errors} />
          )}
          <fieldset>
            <legend>Who is told</legend>
            {told.length === 0 && <p>The account has no webhook and no other destination yet.</p>}
            {told.map(({ id, name, type }) => (
              <Checkbox
                key={id}
                label={`${name} (${type})`}
                checked={draft.destinations.includes(id)}
                onChange={(on) => choose(id, on)}
              />
            ))}
          </fieldset>
          <MoreFields title="Quiet hours" open={errorOf(errors, 'quiet_hours') !== undefined}>
            <TextField label="Quiet from" type="time" value={draft.quietFrom} onChange={set('quietFrom')} />
            <TextField
              label="Quiet until"
              type="time"
              value={draft.quietTo}
              onChange={set('quietTo')}
              hint="By the clock of the site. What still holds then is told then."
              error={errorOf(errors, 'quiet_hours')}
            />
          </MoreFields>
        </Form>
        {!isGoal && (
          <Backtest given={{ draft: bodyOf(site, draft) }} onSuggest={(value) => set('threshold')(String(value))} />
        )}
      </PageBody>
    </>
  );
}

interface ThresholdProps {
  draft: Draft;
  set: <Name extends keyof Draft>(name: Name) => (value: Draft[Name]) => void;
  errors: readonly FieldError[] | undefined;
}

function Threshold({ draft, set, errors }: ThresholdProps) {
  const isSpike = draft.type === 'visitor_spike';
  return (
    <>
      <TextField
        label={isSpike ? 'From' : 'Below'}
        inputMode="decimal"
        value={draft.threshold}
        onChange={set('threshold')}
        error={errorOf(errors, 'threshold') ?? errorOf(errors, 'relative_threshold')}
        required
      />
      <Select
        label="Of"
        value={draft.relative ? 'usual' : 'visitors'}
        onChange={(unit) => set('relative')(unit === 'usual')}
        options={[
          { value: 'visitors', label: 'visitors' },
          { value: 'usual', label: '× what is usual at this weekday and hour' },
        ]}
      />
      <TextField
        label="Within"
        value={draft.window}
        onChange={set('window')}
        hint={`Such as 30m; empty is ${isSpike ? '5m' : '12h'}.`}
        error={errorOf(errors, 'window')}
      />
    </>
  );
}
