import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { RecordName } from '../app/names.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { SkeletonBlock } from '../ui/Skeleton.tsx';
import { duration } from '../ui/time.ts';
import { useSettled } from '../ui/useSettled.ts';
import { bodyOf, type Draft } from './draft.ts';
import css from './replays.module.css';
import { count, deliveriesText } from './words.tsx';

type Estimated = Schemas['ReplayEstimate'];
type Skip = Estimated['skipped'][number];

/** What a draft would make, a moment after the last change; `settled`: `data` is of the draft as it is. */
export function useEstimate(draft: Draft) {
  const { rate: _, ...selection } = draft;
  const text = JSON.stringify(selection);
  const settled = useSettled(text);
  const query = useEstimateOf(['draft', settled], () => bodyOf({ ...JSON.parse(settled), rate: '' }, Date.now()));
  return { ...query, settled: settled === text && !query.isPlaceholderData };
}

/** What a replay of such events would make now. */
export function useEstimateOf(key: readonly string[], body: () => Schemas['NewReplayJob']) {
  const api = useApi();
  return useQuery({
    queryKey: ['replay-estimate', ...key],
    queryFn: async () => (await api.post('/api/v1/replays', { body: { ...body(), dry_run: true } })) as Estimated,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}

interface EstimateProps {
  estimate: Pick<ReturnType<typeof useEstimateOf>, 'data' | 'error'>;
  /** Deliveries a second; 0: unknown. */
  rate: number;
}

export function Estimate({ estimate: { data, error }, rate }: EstimateProps) {
  if (error) return <ErrorNote fault={faultOf(error)} />;
  if (!data) return <SkeletonBlock height={96} />;
  const { events, deliveries, failed, exact } = data;
  return (
    <div className={css.estimate} role="status">
      <p className={css.number}>
        {!exact && 'about '}
        {deliveriesText(deliveries)}
      </p>
      <p>
        of {count(events)} {events === 1 ? 'event' : 'events'} of that time
        {rate > 0 &&
          deliveries > 0 &&
          `; at ${rate} a second in about ${duration(Math.ceil(deliveries / rate) * 1_000)}`}
        .
      </p>
      {failed > 0 && <p>{count(failed)} fail: an expression has an error there.</p>}
      <Skips skipped={data.skipped} />
    </div>
  );
}

/** Why nothing is made of the others, the most frequent first. */
export function Skips({ skipped }: { skipped: readonly Skip[] }) {
  if (skipped.length === 0) return null;
  return (
    <>
      <h3>Nothing is made of</h3>
      <ul className={css.skips}>
        {skipped.map(({ reason, mapping, destination, detail, count: often }) => (
          <li key={reason + mapping + destination + detail}>
            <b>{count(often)}</b> <span>{REASONS[reason]}</span>
            {mapping && <RecordName id={mapping} />}
            {destination && (
              <span className={css.soft}>
                to <RecordName id={destination} />
              </span>
            )}
            {detail && <code>{detail}</code>}
          </li>
        ))}
      </ul>
    </>
  );
}

const REASONS: Record<Skip['reason'], string> = {
  no_delivery: 'went nowhere when they came in',
  destination_deleted: 'went to a destination that is deleted',
  no_mapping: 'have no mapping',
  filtered: 'are filtered out',
  disabled: 'have a mapping that is disabled',
  error: 'have an error',
  other_destination: 'go to another destination',
  other_state: 'have another state',
  not_missing: 'have arrived, or are under way',
};
