import type { ReactNode } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { fieldErrors } from '../app/client.ts';
import { DraftForm, type FormOfDraft, setterOf } from '../app/DraftForm.tsx';
import { Checkbox, Select, TextArea, TextField } from '../ui/Field.tsx';
import { MoreFields } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import type { Draft } from './draft.ts';

type Type = Schemas['DestinationType'];

const TYPES: readonly { value: Type; label: string }[] = [
  { value: 'http', label: 'An HTTPS endpoint' },
  { value: 'discord', label: 'A Discord channel' },
  { value: 'slack', label: 'A Slack or Mattermost channel' },
  { value: 'teams', label: 'A Microsoft Teams channel' },
  { value: 'telegram', label: 'A Telegram chat' },
  { value: 'ntfy', label: 'An ntfy topic' },
  { value: 'inbox', label: 'The inbox: keeps what would be sent' },
];

const URL_HINTS: Record<Type, string> = {
  http: 'Such as https://example.com/hooks. Requests are signed by Standard Webhooks.',
  discord: 'Channel settings, Integrations, Webhooks, Copy webhook URL.',
  slack: 'Of an incoming webhook of your Slack app, or of Mattermost.',
  teams: 'Of the workflow “Post to a channel when a webhook request is received”.',
  telegram: 'https://api.telegram.org/botTOKEN/sendMessage?chat_id=CHAT',
  ntfy: 'https://ntfy.sh/your-topic',
  inbox: '',
};

interface FormProps extends FormOfDraft<Draft> {
  /** The type of what exists already stays. */
  typeFixed?: boolean;
  /** Below the fields. */
  children?: ReactNode;
}

/** Fields of a destination; limits are folded away until they are wanted. */
export function DestinationForm({ typeFixed = false, children, ...form }: FormProps) {
  const { draft, error } = form;
  const errors = fieldErrors(error);
  const set = setterOf(form);
  return (
    <DraftForm {...form}>
      {!typeFixed && <Select label="Send to" value={draft.type} onChange={set('type')} options={TYPES} />}
      <TextField
        label="Name"
        value={draft.name}
        onChange={set('name')}
        error={errorOf(errors, 'name')}
        autoComplete="off"
        required
      />
      {draft.type !== 'inbox' && (
        <TextField
          label="URL"
          code
          value={draft.url}
          onChange={set('url')}
          hint={URL_HINTS[draft.type]}
          error={errorOf(errors, 'url')}
          autoComplete="off"
          required
        />
      )}
      <TextField
        label="Description"
        value={draft.description}
        onChange={set('description')}
        hint="For people: what it is, who looks after it."
        error={errorOf(errors, 'description')}
      />
      <More draft={draft} set={set} errors={errors} />
      {draft.type === 'http' && <HttpFields draft={draft} set={set} errors={errors} />}
      {children}
    </DraftForm>
  );
}

interface MoreProps {
  draft: Draft;
  set: <Name extends keyof Draft>(name: Name) => (value: Draft[Name]) => void;
  errors: ReturnType<typeof fieldErrors>;
}

const HTTP = ['method', 'relay', 'success'];

const METHODS: readonly { value: Draft['method']; label: string }[] = [
  { value: '', label: 'POST' },
  { value: 'PUT', label: 'PUT' },
  { value: 'PATCH', label: 'PATCH' },
  { value: 'DELETE', label: 'DELETE' },
];
const MORE = ['headers', 'rate_limit', 'max_concurrency', 'retry_schedule', 'timeout_ms'];

function More({ draft, set, errors }: MoreProps) {
  const wrong = MORE.some((field) => errorOf(errors, field) !== undefined);
  return (
    <MoreFields title="Headers, limits and retries" open={wrong}>
      <TextArea
        label="Headers"
        code
        rows={3}
        value={draft.headers}
        onChange={set('headers')}
        hint="One a line, such as X-Team: billing. Values are kept encrypted and shown masked."
        error={errorOf(errors, 'headers')}
      />
      <TextField
        label="Deliveries a second"
        inputMode="decimal"
        value={draft.rateLimit}
        onChange={set('rateLimit')}
        hint="Such as 5 or 0.5; empty is no limit."
        error={errorOf(errors, 'rate_limit')}
      />
      <TextField
        label="Attempts at once"
        inputMode="numeric"
        value={draft.maxConcurrency}
        onChange={set('maxConcurrency')}
        hint="Empty is 64."
        error={errorOf(errors, 'max_concurrency')}
      />
      <TextField
        label="Wait before each try"
        code
        value={draft.retrySchedule}
        onChange={set('retrySchedule')}
        hint="Such as 0s, 5s, 5m, 2h. Empty is ten tries in about three days."
        error={errorOf(errors, 'retry_schedule')}
      />
      <TextField
        label="Time limit of an attempt, in milliseconds"
        inputMode="numeric"
        value={draft.timeoutMs}
        onChange={set('timeoutMs')}
        hint="Empty is 15000."
        error={errorOf(errors, 'timeout_ms')}
      />
      <Checkbox
        label="In strict order"
        checked={draft.ordered}
        onChange={set('ordered')}
        hint="One delivery at a time, as they were accepted; one that fails holds up the others."
      />
    </MoreFields>
  );
}

/** How it is sent, what goes on of the producer's request, and what counts as a success. */
function HttpFields({ draft, set, errors }: MoreProps) {
  const wrong = HTTP.some((field) => errorOf(errors, field) !== undefined);
  return (
    <MoreFields title="Method, what goes on, what is a success" open={wrong}>
      <Select
        label="Method"
        value={draft.method === 'POST' ? '' : draft.method}
        onChange={set('method')}
        options={METHODS}
        error={errorOf(errors, 'method')}
      />
      <Select
        label="Headers of the producer's request"
        value={draft.relay}
        onChange={set('relay')}
        options={[
          { value: 'none', label: 'stay here' },
          { value: 'all', label: 'go on, but for credentials' },
          { value: 'some', label: 'go on, those named' },
        ]}
        error={errorOf(errors, 'relay')}
      />
      {draft.relay === 'some' && (
        <TextArea
          label="Which"
          code
          rows={3}
          value={draft.relayed}
          onChange={set('relayed')}
          hint="One a line, such as x-github-event."
        />
      )}
      <Checkbox
        label="The query string goes on"
        checked={draft.relayQuery}
        onChange={set('relayQuery')}
        hint="Behind the destination’s own, without credentials."
      />
      <TextField
        label="It is a success when"
        code
        value={draft.success}
        onChange={set('success')}
        hint="An expression, such as response.json.errcode == 0; empty is every 2xx."
        error={errorOf(errors, 'success')}
      />
    </MoreFields>
  );
}
