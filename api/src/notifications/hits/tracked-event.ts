import { toHost } from '../../model/host.ts';
import { readLocation } from './location.ts';
import { readProps } from './props.ts';
import { type Revenue, readRevenue } from './revenue.ts';

/** What a tracker reports, by Plausible's contract. It is not kept: hits are made of it. */
export interface TrackedEvent {
  /** `pageview`, `engagement`, or that of a custom event. */
  name: string;
  /** Those of the sites it is for: lower case, without `www.`, each once. */
  domains: string[];
  /** Of the page, without `www.`; empty: the URL has none. */
  host: string;
  /** The page's path, decoded, without its query; in hash mode with the fragment. */
  page: string;
  /** What the URL says of where the visitor came from (`utm_source` and the like). */
  taggedSource: string;
  referrer: string;
  props: Record<string, string>;
  revenue: Revenue | undefined;
}

/** What is wrong, by field, as Plausible answers it. */
export type EventErrors = Record<string, string[]>;

export type ParsedEvent = { ok: true; event: TrackedEvent } | { ok: false; errors: EventErrors };

const NAME_LENGTH = 120;
const REFERRER_LENGTH = 2_000;
/** A request is counted for each of its sites. */
const DOMAINS_AT_MOST = 20;

/** The fields by their short and long names; the short one wins. */
export function parseEvent(body: unknown): ParsedEvent {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { ok: false, errors: { request: ['Unable to parse request body as json'] } };
  const fields = body as Record<string, unknown>;
  const first = (...names: string[]): unknown => names.map((name) => fields[name]).find(isGiven);
  const errors: EventErrors = {};
  const refuse = (field: string, message: string): void => {
    errors[field] = [...(errors[field] ?? []), message];
  };

  const name = readText(first('n', 'name'), NAME_LENGTH);
  if (name === undefined) refuse('event_name', `must be a text of 1 to ${NAME_LENGTH} characters`);
  const referrer = readText(first('r', 'referrer') ?? '', REFERRER_LENGTH, 0);
  if (referrer === undefined) refuse('referrer', `must be a text of at most ${REFERRER_LENGTH} characters`);
  const location = readLocation(first('u', 'url'), isHashMode(first('h', 'hashMode')));
  if ('problem' in location) refuse('url', location.problem);
  const domains = readDomains(first('d', 'domain'), 'problem' in location ? '' : location.host);
  if (typeof domains === 'string') refuse('domain', domains);
  const props = readProps(first('m', 'meta', 'p', 'props'));
  if (typeof props === 'string') refuse('props', props);

  if ('problem' in location || name === undefined || referrer === undefined) return { ok: false, errors };
  if (typeof domains === 'string' || typeof props === 'string') return { ok: false, errors };
  const revenue = readRevenue(first('$', 'revenue'));
  return { ok: true, event: { name, domains, ...location, referrer, props, revenue } };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isHashMode(value: unknown): boolean {
  return value === 1 || value === true;
}

function readText(value: unknown, most: number, least = 1): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text.length >= least && text.length <= most ? text : undefined;
}

/** A list with commas; without one, the URL's host. A text says what is wrong. */
function readDomains(value: unknown, host: string): string[] | string {
  const text = typeof value === 'string' ? value : host;
  const domains = [...new Set(text.split(',').map((one) => toHost(one.trim())))].filter((domain) => domain !== '');
  if (domains.length === 0) return "can't be blank";
  return domains.length > DOMAINS_AT_MOST ? `may name at most ${DOMAINS_AT_MOST} domains` : domains;
}
