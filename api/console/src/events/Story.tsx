import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordName } from '../app/names.tsx';
import { DecisionMark, DeliveryMark } from '../app/states.tsx';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { ExactTime, Time } from '../ui/Time.tsx';
import { duration } from '../ui/time.ts';
import css from './events.module.css';

type Event = Schemas['Event'];
type Decision = Schemas['Decision'];
type Delivery = Event['deliveries'][number];

/** received → decided → sent → answered, with the times between. */
export function Story({ event }: { event: Event }) {
  return (
    <ol className={css.story}>
      <Step icon="sources" title="Received">
        <p className={css.line}>
          <span>
            {event.source ? 'by' : 'raised by'} <RecordName id={event.source || event.trigger} />
          </span>
          <span className={css.soft}>
            <ExactTime at={event.received_at} />
          </span>
        </p>
      </Step>
      <Step icon="mappings" title="Decided" later={decidedWords(event.decisions)}>
        {event.decisions.map((decision) => (
          <DecisionLine key={decision.mapping + decision.destination} decision={decision} />
        ))}
      </Step>
      {event.deliveries.map((delivery) => (
        <DeliveryStep key={delivery.id} event={event} delivery={delivery} />
      ))}
    </ol>
  );
}

interface StepProps {
  icon: IconName;
  title: ReactNode;
  later?: ReactNode;
  children?: ReactNode;
}

function Step({ icon, title, later, children }: StepProps) {
  return (
    <li className={css.step}>
      <span className={css.bead}>
        <Icon name={icon} />
      </span>
      <div className={css.told}>
        <h3>
          {title} {later && <span className={css.later}>{later}</span>}
        </h3>
        {children}
      </div>
    </li>
  );
}

function decidedWords(decisions: readonly Decision[]): string {
  if (decisions.length === 0) return 'The source had no mapping: nothing was to be sent.';
  return decisions.length === 1 ? 'by 1 mapping' : `by ${decisions.length} mappings`;
}

function DecisionLine({ decision }: { decision: Decision }) {
  return (
    <div>
      <p className={css.line}>
        <DecisionMark outcome={decision.outcome} />
        <span>
          {decision.outcome === 'delivery' ? 'to' : 'for'} <RecordName id={decision.destination} />
        </span>
        {decision.mapping && (
          <span className={css.soft}>
            by <RecordName id={decision.mapping} />
          </span>
        )}
      </p>
      {decision.outcome === 'filtered' && <code className={css.soft}>{decision.clause}</code>}
      {decision.outcome === 'held' && <p className={css.soft}>{decision.reason}</p>}
      {decision.outcome === 'error' && <p className={css.soft}>{decision.message}</p>}
    </div>
  );
}

function DeliveryStep({ event, delivery }: { event: Event; delivery: Delivery }) {
  const { state, attempts_made, last_status, last_error, next_attempt_at, replay } = delivery;
  const took = Date.parse(delivery.updated) - Date.parse(replay ? delivery.created : event.received_at);
  const final = state === 'delivered' || state === 'dead' || state === 'expired' || state === 'cancelled';
  return (
    <Step
      icon="deliveries"
      title={<RecordName id={delivery.destination} />}
      later={final ? `${replay ? 'replay, ' : ''}${duration(took)} later` : replay && 'replay'}
    >
      <p className={css.line}>
        <DeliveryMark state={state} />
        <Link to={`/deliveries/${delivery.id}` as string}>
          {attempts_made === 1 ? '1 attempt' : `${attempts_made} attempts`}
        </Link>
        {last_status > 0 && <span className={css.soft}>answered {last_status}</span>}
        {next_attempt_at && state === 'pending' && (
          <span className={css.soft}>
            {attempts_made === 0 ? 'due' : 'next try'} <Time at={next_attempt_at} />
          </span>
        )}
      </p>
      {last_error && <p className={css.soft}>{last_error}</p>}
    </Step>
  );
}
