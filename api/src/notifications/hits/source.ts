import { toHost } from '../../model/host.ts';
import type { TrackedEvent } from './tracked-event.ts';

/** Apps tell their name where a site has its host. */
const SCHEMES = new Set(['http:', 'https:', 'android-app:']);

/**
 * Where a visit came from: what the URL is tagged with, else the referrer's host. Of the referrer nothing else is kept.
 * Empty: directly, or from a page of the same site.
 */
export function sourceOf({ taggedSource, referrer, host }: Pick<TrackedEvent, 'taggedSource' | 'referrer' | 'host'>) {
  if (taggedSource !== '') return taggedSource;
  const from = hostOf(referrer);
  return from === host || from === 'localhost' ? '' : from;
}

function hostOf(referrer: string): string {
  if (!URL.canParse(referrer)) return '';
  const { protocol, hostname } = new URL(referrer);
  return SCHEMES.has(protocol) ? toHost(hostname) : '';
}
