import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { useChosenAccount } from '../app/account.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { Mark } from '../ui/Mark.tsx';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { Segments } from '../ui/Segments.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { Charts } from './Charts.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import { Numbers } from './Numbers.tsx';
import css from './overview.module.css';
import { needsHand, Troubles } from './Troubles.tsx';

type Overview = Schemas['Overview'];
type Range = Overview['range'];

const EVERY_MS = 5_000;
const RANGES: readonly { value: Range; label: string }[] = [
  { value: 'hour', label: 'last hour' },
  { value: 'day', label: 'last day' },
];

/** Is anything wrong? That first; then what came and went. */
export function OverviewPage() {
  const api = useApi();
  const account = useChosenAccount();
  const search: { range?: string } = useSearch({ strict: false });
  const range: Range = search.range === 'day' ? 'day' : 'hour';
  const { data, error, refetch } = useQuery({
    queryKey: ['overview', range, account],
    queryFn: () => api.get('/api/v1/overview', { params: { query: { range, ...(account && { account }) } } }),
    refetchInterval: EVERY_MS,
  });
  return (
    <>
      <PageHead title="Overview" beside={data && <Verdict overview={data} />} actions={<RangeSwitch range={range} />} />
      <PageBody>
        {error && <ErrorNote fault={faultOf(error)} onRetry={() => void refetch()} />}
        {data ? <Whole overview={data} /> : !error && <Loading />}
      </PageBody>
    </>
  );
}

/** What needs a hand stands above all; what is only to be looked at, below the numbers. */
function Whole({ overview }: { overview: Overview }) {
  const isUrgent = overview.failing_destinations.some(needsHand);
  return (
    <>
      {isUrgent && <Troubles overview={overview} />}
      {isIdle(overview) && <FirstSteps />}
      <Numbers overview={overview} />
      {!isUrgent && <Troubles overview={overview} />}
      <Charts overview={overview} />
    </>
  );
}

/** Nothing came in twice the time, and nothing waits. */
function isIdle({ totals, previous, backlog }: Overview): boolean {
  return totals.events + previous.events + totals.attempts + backlog.pending + backlog.held === 0;
}

function Verdict({ overview: { failing_destinations, silent_sites, totals } }: { overview: Overview }) {
  const wrong = failing_destinations.filter(needsHand).length;
  if (wrong > 0) {
    return (
      <Mark tone="red" icon="error">
        {wrong} {wrong === 1 ? 'destination needs' : 'destinations need'} a hand
      </Mark>
    );
  }
  if (totals.dead > 0) {
    return (
      <Mark tone="amber" icon="expired">
        {totals.dead.toLocaleString('en-GB')} {totals.dead === 1 ? 'delivery was' : 'deliveries were'} given up
      </Mark>
    );
  }
  if (silent_sites.length > 0) {
    return (
      <Mark tone="amber" icon="clock">
        nothing is heard of {silent_sites.length} {silent_sites.length === 1 ? 'site' : 'sites'}
      </Mark>
    );
  }
  return (
    <Mark tone="green" icon="check">
      nothing needs a hand
    </Mark>
  );
}

function RangeSwitch({ range }: { range: Range }) {
  const navigate = useNavigate();
  const choose = (next: Range) =>
    void navigate({ to: '.', search: ((before: object) => ({ ...before, range: next })) as never, replace: true });
  return <Segments label="Time" value={range} options={RANGES} onChange={choose} />;
}

function Loading() {
  return (
    <div role="status" aria-label="Loading" className={css.loading}>
      <Skeleton height={84} />
      <Skeleton height={200} />
      <Skeleton height={200} />
    </div>
  );
}
