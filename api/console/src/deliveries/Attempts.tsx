import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { Icon } from '../ui/Icon.tsx';
import { Json } from '../ui/Json.tsx';
import { type Look, Mark } from '../ui/Mark.tsx';
import { Facts } from '../ui/Page.tsx';
import { ExactTime } from '../ui/Time.tsx';
import { duration } from '../ui/time.ts';
import css from './deliveries.module.css';

type Delivery = Schemas['Delivery'];
type Attempt = Schemas['Attempt'];

const OUTCOMES: Record<Attempt['outcome'], Look & { word: string }> = {
  success: { tone: 'green', icon: 'check', word: 'taken' },
  retry: { tone: 'amber', icon: 'retry', word: 'failed' },
  throttled: { tone: 'amber', icon: 'clock', word: 'asked to wait' },
  permanent: { tone: 'red', icon: 'failed', word: 'refused for good' },
  gone: { tone: 'red', icon: 'failed', word: 'gone' },
  blocked: { tone: 'red', icon: 'ban', word: 'not allowed' },
  expired: { tone: 'red', icon: 'expired', word: 'too late' },
  loop: { tone: 'red', icon: 'replays', word: 'a loop' },
};

/** The tries of a delivery, newest first, with the waits between; the newest one is open. */
export function Attempts({ delivery }: { delivery: Delivery }) {
  const newestFirst = delivery.attempts.toReversed();
  const [open, setOpen] = useState<string | undefined>();
  const shown = open ?? newestFirst[0]?.id;
  if (newestFirst.length === 0) {
    return (
      <p className={css.soft}>
        {delivery.state === 'held' ? 'It waits until its destination takes deliveries again.' : 'It was not tried yet.'}
      </p>
    );
  }
  return (
    <ol className={css.attempts}>
      {newestFirst.map((attempt, index) => (
        <Row
          key={attempt.id}
          attempt={attempt}
          before={newestFirst[index + 1]}
          open={attempt.id === shown}
          onToggle={() => setOpen(attempt.id === shown ? '' : attempt.id)}
        />
      ))}
    </ol>
  );
}

interface RowProps {
  attempt: Attempt;
  before: Attempt | undefined;
  open: boolean;
  onToggle: () => void;
}

function Row({ attempt, before, open, onToggle }: RowProps) {
  const { word, ...look } = OUTCOMES[attempt.outcome];
  const waited = before && Date.parse(attempt.started_at) - Date.parse(before.started_at) - before.duration_ms;
  return (
    <li className={css.attempt}>
      <button type="button" aria-expanded={open} onClick={onToggle}>
        <span className={open ? css.turned : css.chevron}>
          <Icon name="chevron" size={12} />
        </span>
        <span className={css.number}>{attempt.number}</span>
        <Mark {...look}>{word}</Mark>
        {attempt.status > 0 && <b>{attempt.status}</b>}
        <span className={css.soft}>{duration(attempt.duration_ms)}</span>
        <span className={css.waited}>
          {waited !== undefined && `${duration(Math.max(0, waited))} after the one before`}
        </span>
      </button>
      {open && <Answer attempt={attempt} />}
    </li>
  );
}

function Answer({ attempt }: { attempt: Attempt }) {
  const headers = Object.entries(attempt.response_headers);
  return (
    <div className={css.answer}>
      {attempt.error && <p>{attempt.error}</p>}
      <Facts
        facts={[
          ['Sent', <ExactTime at={attempt.started_at} />],
          ['Took', duration(attempt.duration_ms)],
          ['Status', attempt.status === 0 ? 'no answer' : attempt.status],
        ]}
      />
      {attempt.status > 0 && <Json label="Response body" text={attempt.response_body} file={`${attempt.id}.txt`} />}
      {headers.length > 0 && (
        <details className={css.headers}>
          <summary>{headers.length} response headers</summary>
          <Facts facts={headers} />
        </details>
      )}
    </div>
  );
}
