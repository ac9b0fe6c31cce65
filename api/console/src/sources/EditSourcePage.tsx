import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { fieldErrors } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import { RecordView } from '../app/RecordView.tsx';
import { usePatch, useRecord } from '../app/records.ts';
import { buttonClass } from '../ui/Button.tsx';
import { TextArea, TextField } from '../ui/Field.tsx';
import { Form } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { changesOf, type Draft, draftOf } from './draft.ts';

export function EditSourcePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Edit source" query={useRecord('sources', id)}>
      {(source) => <Edit source={source} />}
    </RecordView>
  );
}

function Edit({ source }: { source: Schemas['Source'] }) {
  const { id, name, verification } = source;
  const [before] = useState(() => draftOf(source));
  const [draft, setDraft] = useState(before);
  const patch = usePatch('sources', id);
  const navigate = useNavigate();
  const errors = fieldErrors(patch.error);
  const leave = () => void navigate({ to: `/sources/${id}` as string });
  const save = () => {
    const changes = changesOf(before, draft);
    if (Object.keys(changes).length === 0) leave();
    else patch.mutate(changes, { onSuccess: leave });
  };
  const set = (field: keyof Draft) => (value: string) => setDraft({ ...draft, [field]: value });
  return (
    <>
      <PageHead title={`Edit ${name}`} />
      <PageBody>
        <Form
          action="Save changes"
          pending={patch.isPending}
          fault={patch.error ? faultOf(patch.error) : undefined}
          onSubmit={save}
          cancel={
            <Link to={`/sources/${id}` as string} className={buttonClass({})}>
              Cancel
            </Link>
          }
        >
          <TextField
            label="Event type"
            code
            value={draft.eventType}
            onChange={set('eventType')}
            hint="An expression, such as body.action; empty is the preset's own."
            error={errorOf(errors, 'event_type')}
          />
          <TextField
            label="Dedupe key"
            code
            value={draft.dedupeKey}
            onChange={set('dedupeKey')}
            hint="Events with the same key are one; empty is the preset's own."
            error={errorOf(errors, 'dedupe_key')}
          />
          <TextArea
            label="Extracted fields"
            code
            rows={5}
            value={draft.extract}
            onChange={set('extract')}
            hint="One a line, such as title: body.issue.title. Filters and templates know them as data.title."
            error={errorOf(errors, 'extract')}
          />
          <TextField
            label="Events a second"
            inputMode="numeric"
            value={draft.rateLimit}
            onChange={set('rateLimit')}
            hint="Above it producers get 429; empty is no limit."
            error={errorOf(errors, 'rate_limit')}
          />
          <TextField
            label="Largest body, in bytes"
            inputMode="numeric"
            value={draft.maxBodyBytes}
            onChange={set('maxBodyBytes')}
            hint="Empty is 5 MiB."
            error={errorOf(errors, 'max_body_bytes')}
          />
          {verification !== 'none' && (
            <TextField
              label="New secret"
              code
              value={draft.secret}
              onChange={set('secret')}
              hint="In the place of those of now; empty keeps them."
              error={errorOf(errors, 'secrets')}
              autoComplete="off"
            />
          )}
        </Form>
      </PageBody>
    </>
  );
}
