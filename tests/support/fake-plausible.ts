import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createZone, type Zone } from '../../api/src/notifications/triggers/zone.ts';

interface Event {
  site: string;
  name: string;
  visitor: string;
  at: number;
  page: string;
  source: string;
  props: Record<string, string>;
}

interface Query {
  site_id: string;
  metrics: string[];
  date_range: [string, string];
  filters?: [string, string, string[]][];
  dimensions?: string[];
  pagination?: { limit?: number; offset?: number };
}

const KEYS = ['site_id', 'metrics', 'date_range', 'filters', 'dimensions', 'order_by', 'include', 'pagination'];
const DIMENSIONS = ['time:hour', 'time:day', 'event:page', 'visit:source', 'event:goal'];
const REALTIME_MS = 300_000;
const HOUR = 3_600_000;

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface FakePlausible {
  url: string;
  /** What was asked, oldest first. */
  asked: { path: string; body: Query | undefined; authorization: string | undefined }[];
  key: string;
  requestsAnHour: number;
  addSite(domain: string, options?: { timezone?: string; goals?: string[] }): void;
  event(site: string, visitor: string, fields?: Partial<Omit<Event, 'site' | 'visitor'>>): void;
  /** Answers instead of Plausible; false: it answers as usual. */
  interfere: (request: IncomingMessage, response: ServerResponse) => boolean;
  close(): Promise<void>;
}

/**
 * Stands in for an installation of Plausible on a real socket. Its answers, refusals and their texts are those of the documented
 * Stats API (https://plausible.io/docs/stats-api) and of its source (lib/plausible_web/plugs/authorize_public_api.ex).
 */
export async function startFakePlausible(now: () => number): Promise<FakePlausible> {
  const sites = new Map<string, { zone: Zone; goals: string[] }>();
  const events: Event[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => handle(request, response, Buffer.concat(chunks).toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const fake: FakePlausible = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    key: 'a-stats-api-key',
    requestsAnHour: 600,
    addSite: (domain, { timezone = 'UTC', goals = [] } = {}) =>
      void sites.set(domain, { zone: createZone(timezone), goals }),
    event: (site, visitor, fields = {}) =>
      void events.push({ site, visitor, name: 'pageview', at: now(), page: '/', source: '', props: {}, ...fields }),
    interfere: () => false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function handle(request: IncomingMessage, response: ServerResponse, text: string): void {
    const url = new URL(request.url ?? '/', fake.url);
    const body = text === '' ? undefined : (JSON.parse(text) as Query);
    fake.asked.push({ path: url.pathname, body, authorization: request.headers.authorization });
    if (fake.interfere(request, response)) return;
    try {
      authorize(request);
      send(response, 200, answer(request.method ?? '', url, body));
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
      send(response, fault.status, { error: fault.message });
    }
  }

  function authorize({ headers }: IncomingMessage): void {
    if (!headers.authorization?.startsWith('Bearer '))
      throw new Refusal(401, 'Missing API key. Please use a valid Plausible API key as a Bearer Token.');
    if (headers.authorization !== `Bearer ${fake.key}`) throw invalid();
    if (fake.asked.length > fake.requestsAnHour)
      throw new Refusal(
        429,
        `Too many API requests. Your API key is limited to ${fake.requestsAnHour} requests per hour. Please contact us to request more capacity.`,
      );
  }

  function answer(method: string, url: URL, body: Query | undefined): unknown {
    if (method === 'GET' && url.pathname === '/api/v1/stats/realtime/visitors') {
      const site = url.searchParams.get('site_id') ?? '';
      if (!sites.has(site)) throw invalid();
      return distinct(events.filter((one) => one.site === site && one.at > now() - REALTIME_MS && one.at <= now()));
    }
    if (method === 'POST' && url.pathname === '/api/v2/query' && body) return query(body);
    throw new Refusal(404, 'Not found');
  }

  function query(body: Query) {
    const unknown = Object.keys(body).find((key) => !KEYS.includes(key));
    if (unknown) throw new Refusal(400, `#/${unknown}: Schema does not allow additional properties.`);
    const site = sites.get(body.site_id);
    if (!site) throw invalid();
    const { metrics, dimensions = [], filters = [], date_range } = body;
    if (!dimensions.every((one) => DIMENSIONS.includes(one)))
      throw new Refusal(400, `#/dimensions/0: Invalid dimension "${dimensions[0]}"`);
    const [first, last] = date_range.map((end) => {
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(end)) throw new Refusal(400, `Invalid date_range '${end}'.`);
      return Date.parse(end);
    }) as [number, number];
    // Both ends are included, and times are stored to the second.
    const inRange = events.filter(({ at, site: of }) => of === body.site_id && at >= first && at < last + 1_000);
    const matching = filters.reduce((left, filter) => left.filter(matcher(filter, body.site_id, site.goals)), inRange);
    const groups = new Map<string, { values: string[]; events: Event[] }>();
    if (dimensions.length === 0) groups.set('', { values: [], events: matching });
    for (const event of dimensions.length === 0 ? [] : matching) {
      const values = dimensions.map((dimension) => dimensionOf(event, dimension, site.zone));
      if (values.includes(undefined as never)) continue;
      const group = groups.get(values.join('\n')) ?? { values, events: [] };
      group.events.push(event);
      groups.set(values.join('\n'), group);
    }
    const rows = [...groups.values()].map((group) => ({
      metrics: metrics.map((metric) => measure(metric, group.events)),
      dimensions: group.values,
    }));
    rows.sort((a, b) =>
      dimensions[0]?.startsWith('time')
        ? (a.dimensions[0] ?? '').localeCompare(b.dimensions[0] ?? '')
        : (b.metrics[0] ?? 0) - (a.metrics[0] ?? 0),
    );
    const { limit = 10_000, offset = 0 } = body.pagination ?? {};
    return {
      results: rows.slice(offset, offset + limit),
      meta: {},
      query: {
        ...body,
        date_range: [withOffset(first, site.zone), withOffset(last, site.zone)],
        dimensions,
        filters,
        pagination: { limit, offset },
      },
    };
  }

  return fake;
}

function matcher([operator, dimension, clauses]: [string, string, string[]], site: string, goals: string[]) {
  if (dimension === 'event:goal') {
    const missing = clauses.find((goal) => !goals.includes(goal));
    if (missing)
      throw new Refusal(
        400,
        `The goal \`${missing}\` is not configured for this site. Find out how to configure goals here: https://plausible.io/docs/stats-api#filtering-by-goals (${site})`,
      );
    return ({ name }: Event) => clauses.includes(name);
  }
  const prop = dimension.replace(/^event:props:/, '');
  const read = ({ page, props }: Event) => (dimension === 'event:page' ? page : (props[prop] ?? '(none)'));
  if (operator === 'is') return (event: Event) => clauses.includes(read(event));
  if (operator === 'matches') return (event: Event) => clauses.some((one) => new RegExp(one).test(read(event)));
  throw new Refusal(400, `Unknown operator for filter '["${operator}"]'.`);
}

function measure(metric: string, events: Event[]): number {
  switch (metric) {
    case 'visitors':
      return distinct(events);
    case 'pageviews':
      return events.filter(({ name }) => name === 'pageview').length;
    case 'events':
      return events.length;
    default:
      throw new Refusal(400, `Unknown metric '"${metric}"'.`);
  }
}

function dimensionOf(event: Event, dimension: string, zone: Zone): string {
  switch (dimension) {
    case 'event:page':
      return event.page;
    case 'visit:source':
      return event.source || 'Direct / None';
    case 'time:hour': {
      const wall = event.at + zone.offsetAt(event.at);
      return new Date(wall - (wall % HOUR)).toISOString().slice(0, 19).replace('T', ' ');
    }
    default:
      throw new Refusal(400, `Invalid dimensions '["${dimension}"]'`);
  }
}

function withOffset(time: number, zone: Zone): string {
  const offset = zone.offsetAt(time) / 60_000;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const sign = offset < 0 ? '-' : '+';
  const size = Math.abs(offset);
  return `${new Date(time + offset * 60_000).toISOString().slice(0, 19)}${sign}${two(size / 60)}:${two(size % 60)}`;
}

function distinct(events: Event[]): number {
  return new Set(events.map(({ visitor }) => visitor)).size;
}

function invalid(): Refusal {
  return new Refusal(
    401,
    "Invalid API key or site ID. Please make sure you're using a valid API key with access to the site you've requested.",
  );
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
