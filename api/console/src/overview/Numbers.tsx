import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { Time } from '../ui/Time.tsx';
import { duration } from '../ui/time.ts';
import { change, percent, perMinute, successRate } from './numbers.ts';
import css from './overview.module.css';

/** What a person asks first, as numbers; each leads to what it counts. */
export function Numbers({ overview }: { overview: Schemas['Overview'] }) {
  const { totals, previous, backlog, from, to, range } = overview;
  const seconds = (Date.parse(to) - Date.parse(from)) / 1_000;
  const rate = successRate(totals);
  const before = successRate(previous);
  const waiting = backlog.pending + backlog.delivering;
  const since = { since: range === 'hour' ? '1h' : '24h' };
  return (
    <dl className={css.numbers}>
      <Tile name="Events a minute" to="/events" search={since} value={perMinute(totals.events, seconds)}>
        {totals.events.toLocaleString('en-GB')} in all{sentence(change(totals.events, previous.events))}
      </Tile>
      <Tile name="Attempts that succeed" to="/deliveries" search={since} value={rate === null ? '–' : percent(rate)}>
        {before === null ? `${totals.failed_attempts} failed` : `${percent(before)} before`}
      </Tile>
      <Tile
        name="Answer time, p95"
        to="/deliveries"
        search={since}
        value={totals.p95_ms === null ? '–' : duration(totals.p95_ms)}
      >
        {previous.p95_ms === null ? 'none before' : `${duration(previous.p95_ms)} before`}
      </Tile>
      <Tile name="Waiting" to="/deliveries" search={{ state: 'pending' }} value={count(waiting, backlog.capped)}>
        {backlog.oldest_due_at && waiting > 0 ? (
          <>
            due <Time at={backlog.oldest_due_at} />
          </>
        ) : (
          'nothing is late'
        )}
      </Tile>
      <Tile name="Held" to="/deliveries" search={{ state: 'held' }} value={count(backlog.held, backlog.capped)}>
        by paused and disabled destinations
      </Tile>
      <Tile
        name="Dead"
        to="/deliveries"
        search={{ state: 'dead', ...since }}
        value={totals.dead.toLocaleString('en-GB')}
        bad={totals.dead > 0}
      >
        {totals.dead === 0 ? 'nothing was given up' : 'given up; look, mend, retry'}
      </Tile>
    </dl>
  );
}

interface TileProps {
  name: string;
  to: string;
  search: Record<string, string>;
  value: string;
  bad?: boolean;
  children: ReactNode;
}

function Tile({ name, to, search, value, bad = false, children }: TileProps) {
  return (
    <div className={css.tile}>
      <dt>{name}</dt>
      <dd className={bad ? css.bad : css.value}>
        <Link to={to as string} search={search as never}>
          {value}
        </Link>
      </dd>
      <dd className={css.beside}>{children}</dd>
    </div>
  );
}

function sentence(words: string | undefined): string {
  return words === undefined ? '' : `, ${words}`;
}

function count(number: number, capped: boolean): string {
  return `${number.toLocaleString('en-GB')}${capped ? '+' : ''}`;
}
