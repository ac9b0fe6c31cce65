import { toHost } from '../../model/host.ts';

/** What is kept in mind of a page's URL; the rest of its query is forgotten here. */
export interface Location {
  host: string;
  page: string;
  taggedSource: string;
}

const URL_BYTES = 2_000;
/** In this order, as Plausible has them. */
const SOURCE_TAGS = ['utm_source', 'source', 'ref'];
const SOURCE_LENGTH = 200;
/** What has no host of its own is a path. */
const NO_HOST = 'none.invalid';

/** The path is decoded. In hash mode the fragment belongs to it, up to a query of its own. */
export function readLocation(value: unknown, hashMode: boolean): Location | { problem: string } {
  if (value === undefined) return { problem: 'is required' };
  if (typeof value !== 'string') return { problem: 'must be a string' };
  if (Buffer.byteLength(value) > URL_BYTES) return { problem: `must have at most ${URL_BYTES} bytes` };
  if (/^\s*data:/i.test(value)) return { problem: 'scheme is not allowed' };
  const base = `http://${NO_HOST}`;
  if (!URL.canParse(value, base)) return { problem: 'is not a valid URL' };
  const url = new URL(value, base);
  const path = decode(url.pathname).trimEnd() || '/';
  const [fragment = ''] = url.hash.split('?', 1);
  return {
    host: url.hostname === NO_HOST ? '' : toHost(url.hostname),
    page: hashMode && fragment !== '' ? path + decode(fragment) : path,
    taggedSource: tagOf(url.searchParams),
  };
}

function tagOf(query: URLSearchParams): string {
  const tags = SOURCE_TAGS.map((name) => query.get(name)?.trim());
  return (tags.find((tag) => tag) ?? '').slice(0, SOURCE_LENGTH);
}

/** What is encoded wrongly stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
