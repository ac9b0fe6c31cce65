import type { Goal } from '../../../model/notifications.ts';
import type { TopCounts } from '../../../store/counting.ts';
import type { Request } from './ask.ts';

/** A row of an answer; both lists are in the order of the question. */
interface Row {
  metrics: number[];
  dimensions: string[];
}

const SECOND = 1_000;
/** What visitors without a source are called there. */
const DIRECT = 'Direct / None';
/** A firing waits for it. */
const TOP_TIMEOUT_MS = 2_000;

/** Visitors of the last 5 minutes, as its dashboard shows them. */
export function currentVisitors(domain: string): Request<number> {
  return {
    path: `/api/v1/stats/realtime/visitors?${new URLSearchParams({ site_id: domain })}`,
    read: (answer) => (isCount(answer) ? answer : undefined),
  };
}

/** Distinct visitors from one moment to another, in milliseconds since the epoch. */
export function visitorsBetween(domain: string, from: number, to: number): Request<number> {
  return query(domain, { metrics: ['visitors'], date_range: range(from, to) }, readTotal);
}

/** How often a goal was completed between two moments. */
export function completionsBetween(domain: string, goal: Goal, from: number, to: number): Request<number> {
  const isPage = goal.page_path !== '';
  const props = Object.entries(goal.props ?? {}).map(([name, value]) => ['is', `event:props:${name}`, [value]]);
  const filters = [isPage ? pageFilter(goal.page_path) : ['is', 'event:goal', [goal.event_name]], ...props];
  return query(domain, { metrics: [isPage ? 'pageviews' : 'events'], filters, date_range: range(from, to) }, readTotal);
}

/** Visitors by hour. */
export interface HourlyVisitors {
  /** What the clock of the site shows at the start of the hour, as if it were UTC. */
  rows: { wall: number; visitors: number }[];
  /** What that clock is ahead of UTC at the start and at the end of what was asked for. */
  offsets: [number, number];
}

export function visitorsByHour(domain: string, from: number, to: number): Request<HourlyVisitors> {
  return query(domain, { metrics: ['visitors'], dimensions: ['time:hour'], date_range: range(from, to) }, readHours);
}

export function topPages(domain: string, from: number, to: number, limit: number): Request<TopCounts['pages']> {
  const what = { metrics: ['pageviews'], dimensions: ['event:page'], date_range: range(from, to) };
  return top(domain, what, limit, (page, pageviews) => ({ page, pageviews }));
}

export function topSources(domain: string, from: number, to: number, limit: number): Request<TopCounts['sources']> {
  const what = { metrics: ['visitors'], dimensions: ['visit:source'], date_range: range(from, to) };
  return top(domain, what, limit, (name, visitors) => ({ source: name === DIRECT ? '' : name, visitors }));
}

function top<T>(domain: string, what: object, limit: number, toItem: (name: string, count: number) => T): Request<T[]> {
  const request = query(domain, { ...what, pagination: { limit } }, (rows) =>
    rows
      .filter(({ metrics }) => metrics[0] !== 0)
      .map(({ metrics, dimensions }) => toItem(dimensions[0] ?? '', metrics[0] ?? 0))
      .slice(0, limit),
  );
  return { ...request, timeoutMs: TOP_TIMEOUT_MS };
}

function query<T>(domain: string, what: object, read: (rows: Row[], answer: object) => T | undefined): Request<T> {
  return {
    path: '/api/v2/query',
    query: { site_id: domain, ...what },
    read(answer) {
      const { results } = (answer ?? {}) as { results?: unknown };
      return Array.isArray(results) && results.every(isRow) ? read(results, answer as object) : undefined;
    },
  };
}

/** ISO 8601 to the second, both ends included: more exactly nothing is stored there. */
function range(from: number, to: number): [string, string] {
  return [iso(from), iso(to)];
}

function iso(time: number): string {
  return `${new Date(Math.floor(time / SECOND) * SECOND).toISOString().slice(0, 19)}Z`;
}

function readTotal(rows: Row[]): number | undefined {
  return rows.length <= 1 ? (rows[0]?.metrics[0] ?? 0) : undefined;
}

/** Hours are told by the clock of the site there, `2026-03-29 14:00:00`, whose offset only the range says. */
function readHours(rows: Row[], answer: object): HourlyVisitors | undefined {
  const { query } = answer as { query?: { date_range?: unknown } };
  const ends = Array.isArray(query?.date_range) ? query.date_range.map(offsetOf) : [];
  const [first, last] = ends;
  const hours = rows.map(({ metrics, dimensions }) => ({
    wall: Date.parse(`${(dimensions[0] ?? '').slice(0, 19).replace(' ', 'T')}Z`),
    visitors: metrics[0] ?? 0,
  }));
  if (first === undefined || last === undefined || hours.some(({ wall }) => Number.isNaN(wall))) return undefined;
  return { rows: hours, offsets: [first, last] };
}

/** Of `2026-03-29T14:00:00+02:00`, milliseconds. */
function offsetOf(text: unknown): number | undefined {
  const [, sign, hours, minutes] = /T[\d:.]+(?:Z|([+-])(\d{2}):(\d{2}))$/.exec(String(text)) ?? [undefined, '?'];
  if (sign === '?') return undefined;
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 * SECOND;
  return sign === '-' ? -size : size;
}

/** `*` is anything within a segment, `**` anything, as in path-pattern.ts. */
function pageFilter(path: string): unknown[] {
  if (!path.includes('*')) return ['is', 'event:page', [path]];
  const pattern = path
    .split(/(\*+)/)
    .map((part) =>
      part.startsWith('*') ? (part.length > 1 ? '.*' : '[^/]*') : part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'),
    )
    .join('');
  return ['matches', 'event:page', [`^${pattern}$`]];
}

function isRow(value: unknown): value is Row {
  const { metrics, dimensions } = (value ?? {}) as Partial<Row>;
  return (
    Array.isArray(metrics) &&
    metrics.every(isCount) &&
    Array.isArray(dimensions) &&
    dimensions.every((one) => typeof one === 'string')
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
