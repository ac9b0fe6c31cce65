import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { RecordName } from '../app/names.tsx';
import { DecisionMark } from '../app/states.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { SkeletonBlock } from '../ui/Skeleton.tsx';
import css from './events.module.css';

type Explained = Schemas['Explanation']['mappings'][number];
type Clause = Schemas['ClauseResults'][number];

/** Each mapping: what it decided when the event came, what it would decide now, clause by clause with the values that it read. */
export function Trace({ id }: { id: string }) {
  const api = useApi();
  const { data, error, refetch } = useQuery({
    queryKey: ['explain', id],
    queryFn: () => api.get('/api/v1/events/{id}/explain', { params: { path: { id } } }),
  });
  if (error) return <ErrorNote fault={faultOf(error)} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonBlock height={96} />;
  if (data.mappings.length === 0) return <p className={css.soft}>No mapping of this source decides about it.</p>;
  return (
    <ul className={css.trace}>
      {data.mappings.map((mapping) => (
        <Mapping key={mapping.mapping + mapping.destination} mapping={mapping} />
      ))}
    </ul>
  );
}

function Mapping({ mapping: { mapping, destination, at_accept, now } }: { mapping: Explained }) {
  return (
    <li className={css.mapping}>
      <p className={css.line}>
        <strong>{mapping ? <RecordName id={mapping} /> : 'The trigger'}</strong>
        <span className={css.soft}>
          to <RecordName id={destination} />
        </span>
      </p>
      <p className={css.line}>
        {at_accept ? <DecisionMark outcome={at_accept.outcome} /> : <span className={css.soft}>was not there</span>}
        {now && now.outcome !== at_accept?.outcome && (
          <>
            <span className={css.soft}>today it would be</span>
            <DecisionMark outcome={now.outcome} />
          </>
        )}
        {!now && <span className={css.soft}>is gone by now</span>}
      </p>
      {now?.outcome === 'error' && (
        <p className={css.soft}>
          {now.where}: {now.message}
        </p>
      )}
      {now && now.clauses.length > 0 && (
        <ul className={css.clauses}>
          {now.clauses.map((clause) => (
            <ClauseRow key={clause.clause} clause={clause} />
          ))}
        </ul>
      )}
    </li>
  );
}

const RESULTS: Record<Clause['result'], { icon: IconName; look: string | undefined; word: string }> = {
  true: { icon: 'check', look: css.yes, word: 'true' },
  false: { icon: 'close', look: css.no, word: 'false' },
  missing: { icon: 'close', look: css.no, word: 'false: the event has no such key' },
  error: { icon: 'error', look: css.broken, word: 'error' },
};

function ClauseRow({ clause: { clause, result, message, values } }: { clause: Clause }) {
  const { icon, look, word } = RESULTS[result];
  return (
    <li className={`${css.clause} ${look}`}>
      <Icon name={icon} />
      <span>
        <code>{clause}</code> <span className="visually-hidden">is {word}</span>
      </span>
      {(values.length > 0 || message) && (
        <p className={css.values}>
          {values.map(({ path, value }) => (
            <span key={path}>
              <code>{path}</code> = <b>{value ?? 'nothing'}</b>
            </span>
          ))}
          {message && <span>{message}</span>}
        </p>
      )}
    </li>
  );
}
