import { Select, TextArea, TextField } from '../ui/Field.tsx';
import { errorAt, errorOf } from '../ui/field-errors.ts';
import type { FieldsProps } from './fields-props.ts';

export const READING = ['event_type', 'dedupe_key', 'split', 'extract'];
export const ANSWERING = ['answer', 'when_paused', 'on_malformed', 'cors_origins'];
export const LIMITING = ['rate_limit', 'max_body_bytes', 'not_redacted'];

/** Type, key of duplicates and extracted fields of an event. */
export function ReadingFields({ draft, set, errors, preset }: FieldsProps) {
  const empty = (own: string | undefined, otherwise: string) =>
    own ? `empty is the preset's: ${own}` : `empty is ${otherwise}`;
  return (
    <>
      <TextField
        label="Event type"
        code
        value={draft.eventType}
        onChange={(eventType) => set({ eventType })}
        hint={`An expression, such as body.action; ${empty(preset?.event_type, 'none')}.`}
        error={errorOf(errors, 'event_type')}
      />
      <TextField
        label="Dedupe key"
        code
        value={draft.dedupeKey}
        onChange={(dedupeKey) => set({ dedupeKey })}
        hint={`Events with the same key are one; ${empty(preset?.dedupe_key, 'no key: each one counts')}.`}
        error={errorOf(errors, 'dedupe_key')}
      />
      <TextField
        label="Several events in one request"
        code
        value={draft.split}
        onChange={(split) => set({ split })}
        hint={`An expression for a list, such as body.events: each element is an event; ${empty(preset?.split, 'one event a request')}.`}
        error={errorOf(errors, 'split')}
      />
      <TextArea
        label="Extracted fields"
        code
        rows={5}
        value={draft.extract}
        onChange={(extract) => set({ extract })}
        hint={`One a line, such as title: body.issue.title. Filters and templates know them as data.title; ${empty(
          Object.keys(preset?.extract ?? {}).join(', '),
          'none',
        )}.`}
        error={errorOf(errors, 'extract')}
      />
    </>
  );
}

/** What producers hear: of an event that is stored, while the source is paused, of what is no JSON. */
export function AnswerFields({ draft, set, errors }: FieldsProps) {
  return (
    <>
      <Select
        label="When an event is stored"
        value={draft.answers}
        onChange={(answers) => set({ answers })}
        options={[
          { value: 'default', label: '202 and its id, or as the preset says' },
          { value: 'own', label: 'an answer of its own' },
        ]}
        error={errorAt(errors, 'answer')}
      />
      {draft.answers === 'own' && (
        <>
          <TextField
            label="Status"
            inputMode="numeric"
            value={draft.answerStatus}
            onChange={(answerStatus) => set({ answerStatus })}
            hint="200 to 299; empty is 200 with a body and 204 without."
            error={errorOf(errors, 'answer/status')}
          />
          <TextField
            label="Content type"
            code
            value={draft.answerType}
            onChange={(answerType) => set({ answerType })}
            hint="JSON, XML or plain text, such as text/xml; empty is that of the body."
            error={errorOf(errors, 'answer/content_type')}
          />
          <TextArea
            label="Body"
            code
            rows={3}
            value={draft.answerBody}
            onChange={(answerBody) => set({ answerBody })}
            hint="JSON or a text; may hold {{ expressions }} over the event."
            error={errorOf(errors, 'answer/body')}
          />
        </>
      )}
      <Select
        label="While it is paused"
        value={draft.whenPaused}
        onChange={(whenPaused) => set({ whenPaused })}
        options={[
          { value: 'retry', label: '503 with Retry-After: producers come again' },
          { value: 'not_found', label: '404: as if it were not there' },
          { value: 'gone', label: '410: producers may give up for good' },
        ]}
        error={errorOf(errors, 'when_paused')}
      />
      <Select
        label="A body that says it is JSON and is none"
        value={draft.onMalformed}
        onChange={(onMalformed) => set({ onMalformed })}
        options={[
          { value: 'refuse', label: 'is refused with 400' },
          { value: 'keep', label: 'is kept as a text, and sent nowhere' },
        ]}
        error={errorOf(errors, 'on_malformed')}
      />
      <TextArea
        label="Pages that may post from a browser"
        code
        rows={2}
        value={draft.corsOrigins}
        onChange={(corsOrigins) => set({ corsOrigins })}
        hint="Their origins, one a line, such as https://www.example.com; * is all."
        error={errorOf(errors, 'cors_origins')}
      />
    </>
  );
}

/** How much it takes, and which headers are stored as they come. */
export function LimitFields({ draft, set, errors }: FieldsProps) {
  return (
    <>
      <TextField
        label="Events a second"
        inputMode="numeric"
        value={draft.rateLimit}
        onChange={(rateLimit) => set({ rateLimit })}
        hint="Above it producers get 429; empty is no limit."
        error={errorOf(errors, 'rate_limit')}
      />
      <TextField
        label="Largest body, in bytes"
        inputMode="numeric"
        value={draft.maxBodyBytes}
        onChange={(maxBodyBytes) => set({ maxBodyBytes })}
        hint="Empty is 5 MiB; at most 33554432."
        error={errorOf(errors, 'max_body_bytes')}
      />
      <TextArea
        label="Headers and parameters that are no credentials"
        code
        rows={2}
        value={draft.notRedacted}
        onChange={(notRedacted) => set({ notRedacted })}
        hint="One a line, such as x-order-key: stored as they come, although their names look like those of credentials."
        error={errorOf(errors, 'not_redacted')}
      />
    </>
  );
}
