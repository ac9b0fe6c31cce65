import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import { useApi } from '../app/api.ts';
import { fieldErrors } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import { useRecords } from '../app/records.ts';
import { useMayWrite } from '../app/session.tsx';
import { Field, Select, TextField } from '../ui/Field.tsx';
import { Form } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { Json } from '../ui/Json.tsx';
import { PageBody, Section } from '../ui/Page.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { exactTime } from '../ui/time.ts';
import { Backtest } from './Backtest.tsx';
import { contentTypeOf, type Draft, templateOf } from './draft.ts';
import { fieldPaths } from './field-paths.ts';
import css from './mappings.module.css';
import { Preview, usePreview } from './Preview.tsx';

const ExpressionEditor = lazy(() => import('./ExpressionEditor.tsx'));

const EVENTS = 50;

interface EditorProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** The mapping that is edited; absent: a new one. */
  mapping?: string;
  action: string;
  pending: boolean;
  error: unknown;
  /** Above the buttons. */
  notice?: ReactNode;
  onSave: (template: unknown) => void;
  cancel: ReactNode;
}

/** A real event, the rules, and what they make of it, side by side; below, what they change for the newest events. */
export function Editor({ draft, onChange, mapping, action, pending, error, notice, onSave, cancel }: EditorProps) {
  const sources = useRecords('sources');
  const destinations = useRecords('destinations');
  const mayWrite = useMayWrite();
  const sample = useSample(draft.source);
  const type = destinations.find(({ id }) => id === draft.destination)?.type ?? 'http';
  const template = templateOf(draft);
  const usable = template.problem === undefined && sample.event !== undefined;
  const rules = {
    filter: draft.filter,
    template: 'value' in template ? template.value : null,
    content_type: contentTypeOf(draft),
  };
  const preview = usePreview(usable && sample.event ? { event: sample.event.id, ...rules, type } : undefined);
  const errors = fieldErrors(error);
  const failed = preview.data?.outcome === 'error' ? preview.data : undefined;
  const fields = useMemo(() => (sample.event ? fieldPaths(sample.event) : []), [sample.event]);
  const set =
    <Name extends keyof Draft>(name: Name) =>
    (value: Draft[Name]) =>
      onChange({ ...draft, [name]: value });
  const filterError = errorOf(errors, 'filter') ?? (failed?.where.startsWith('filter') ? failed.message : undefined);
  const templateError =
    template.problem ??
    errorOf(errors, 'template') ??
    (failed?.where.startsWith('template') ? `${failed.where}: ${failed.message}` : undefined);

  return (
    <PageBody>
      <div className={css.editor}>
        <Section title="Rules">
          <Form
            action={action}
            pending={pending}
            fault={error ? faultOf(error) : undefined}
            notice={notice}
            readOnly={!mayWrite}
            onSubmit={() => mayWrite && template.problem === undefined && onSave(rules.template)}
            cancel={cancel}
          >
            <TextField
              label="Name"
              value={draft.name}
              onChange={set('name')}
              error={errorOf(errors, 'name')}
              required
            />
            <Select
              label="From"
              value={draft.source}
              onChange={set('source')}
              options={choices(sources)}
              error={errorOf(errors, 'source')}
            />
            <Select
              label="To"
              value={draft.destination}
              onChange={set('destination')}
              options={choices(destinations)}
              error={errorOf(errors, 'destination')}
            />
            <Field label="Filter" hint='Such as body.action == "opened"; empty takes every event.' error={filterError}>
              {() => (
                <Suspense fallback={<Skeleton height={36} />}>
                  <ExpressionEditor
                    label="Filter"
                    kind="filter"
                    value={draft.filter}
                    onChange={set('filter')}
                    readOnly={!mayWrite}
                    invalid={filterError !== undefined}
                    fields={fields}
                  />
                </Suspense>
              )}
            </Field>
            <Select
              label="Body"
              value={draft.body}
              onChange={set('body')}
              options={[
                { value: 'default', label: `The default of ${type}` },
                { value: 'json', label: 'JSON with {{ expressions }}' },
                { value: 'text', label: 'Text with {{ expressions }}' },
              ]}
            />
            {draft.body !== 'default' && (
              <Field label="Template" error={templateError}>
                {() => (
                  <Suspense fallback={<Skeleton height={160} />}>
                    <ExpressionEditor
                      label="Template"
                      kind={draft.body === 'json' ? 'json' : 'text'}
                      value={draft.template}
                      onChange={set('template')}
                      readOnly={!mayWrite}
                      invalid={templateError !== undefined}
                      fields={fields}
                    />
                  </Suspense>
                )}
              </Field>
            )}
            {draft.body !== 'default' && (
              <TextField
                label="Content type"
                code
                value={draft.contentType}
                onChange={set('contentType')}
                hint={`Empty: ${draft.body === 'json' ? 'application/json' : 'text/plain'}.`}
                error={errorOf(errors, 'content_type')}
              />
            )}
          </Form>
        </Section>
        <Section title="What is sent">
          <Preview type={type} query={preview} />
        </Section>
        <Section title="Event">
          <Select label="Try it with" value={sample.id} onChange={sample.choose} options={sample.options} />
          {sample.event ? (
            <Json label="Payload" text={sample.event.body} root="body" />
          ) : (
            <p>
              {draft.source === ''
                ? 'Choose a source: its newest event is tried here.'
                : 'The source has no event yet. When one has come you see here what the rules make of it.'}
            </p>
          )}
        </Section>
      </div>
      <Backtest
        given={
          template.problem === undefined && draft.source !== ''
            ? ({ ...backtestOf(mapping, draft), ...rules, type } as never)
            : undefined
        }
      />
    </PageBody>
  );
}

function backtestOf(mapping: string | undefined, draft: Draft) {
  return mapping === undefined ? { source: draft.source } : { mapping };
}

function choices(records: readonly { id: string; name?: string }[]) {
  return [{ value: '', label: 'Choose …' }, ...records.map(({ id, name = id }) => ({ value: id, label: name }))];
}

/** The event that is tried: that of the URL, else the newest of the source. */
function useSample(source: string) {
  const api = useApi();
  const navigate = useNavigate();
  const { event: chosen } = useSearch({ strict: false }) as { event?: string };
  const newest = useQuery({
    queryKey: ['/api/v1/events', 'newest', source],
    queryFn: () => api.list('/api/v1/events', { source }, EVENTS),
    enabled: source !== '',
  });
  const rows = newest.data?.data ?? [];
  const id = chosen ?? rows[0]?.id ?? '';
  const event = useQuery({
    queryKey: ['event', id],
    queryFn: () => api.get('/api/v1/events/{id}', { params: { path: { id } } }),
    enabled: id !== '',
  });
  const listed = rows.map((row) => ({
    value: row.id,
    label: `${row.type || 'no type'}, ${exactTime(Date.parse(row.received_at))}`,
  }));
  const isListed = listed.some(({ value }) => value === id);
  return {
    id,
    event: id === '' ? undefined : event.data,
    options: isListed ? listed : [{ value: id, label: id || 'none yet' }, ...listed],
    choose: (next: string) =>
      void navigate({ to: '.', search: ((before: object) => ({ ...before, event: next })) as never, replace: true }),
  };
}
