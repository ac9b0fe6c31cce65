import type { DefaultBodyInput } from '../../destinations/index.ts';
import type { Payload } from './payload.ts';
import { counted, duration, number } from './wording.ts';
import { clockOf, createZone } from './zone.ts';

export type Message = NonNullable<DefaultBodyInput['message']>;

/** What a person would write: the news in a sentence, then what explains it. */
export function messageOf(payload: Payload): Message {
  const late = payload.stale ? `Late, this is of ${clock(payload, payload.occurred_at)}.` : '';
  return {
    title: `${payload.test ? 'Test: ' : ''}${payload.site.domain}: ${headline(payload)}`,
    text: [late, explanation(payload)].filter(Boolean).join(' '),
    url: payload.url,
  };
}

function headline(payload: Payload): string {
  const { type, value, repetition } = payload;
  const visitors = `${counted(value, 'visitor')} in ${windowWords(payload)}`;
  const lasting = payload.duration_s === undefined ? '' : duration(payload.duration_s);
  switch (type) {
    case 'visitor.spike':
      return `${repetition ? 'still ' : ''}${visitors}${compared(payload)}.`;
    case 'visitor.drop':
      return `${repetition ? 'still ' : ''}only ${visitors}${compared(payload) || `, below ${number(payload.threshold ?? 0)}`}.`;
    case 'visitor.spike.recovered':
      return `back to ${visitors}, after ${lasting} with up to ${number(payload.peak ?? value)}.`;
    case 'visitor.drop.recovered':
      return `back to ${visitors}, after ${lasting} with as few as ${number(payload.peak ?? value)}.`;
    case 'site.silent':
      return `${repetition ? 'still ' : ''}no hits since ${clock(payload, payload.last_hit_at)}.`;
    case 'site.silent.recovered':
      return `hits arrive again, after ${lasting}.`;
    case 'goal.completed':
      return goalHeadline(payload);
  }
}

function goalHeadline({ goal, count = 1, rest, revenue, page, window, since }: Payload): string {
  const name = goal?.name ?? '';
  const sum = revenue ? `, ${revenue.amount} ${revenue.currency}` : '';
  if (rest) return `and ${number(count)} more of ${name}${sum}.`;
  if (page !== undefined && count === 1) return `${name} on ${page}${sum}.`;
  if (count === 1 && window.from === window.to) return `${name}${sum}.`;
  const seconds = (Date.parse(window.to) - Date.parse(window.from)) / 1_000;
  return `${number(count)} × ${name} in ${duration(seconds)}${since ? ' of quiet hours' : ''}${sum}.`;
}

function explanation(payload: Payload): string {
  if (payload.type === 'site.silent') return silence(payload);
  const page = payload.top_pages?.[0];
  const source = payload.top_sources?.[0];
  const tops = [
    page && `page ${page.page} (${number(page.pageviews)})`,
    source && `source ${source.source || 'direct'} (${number(source.visitors)})`,
  ].filter((top) => top !== undefined);
  return tops.length === 0 ? '' : `Top ${tops.join(', top ')}.`;
}

function silence({ dropped = [] }: Payload): string {
  const total = dropped.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return 'Is the tracker still on the page?';
  const reasons = dropped.map(({ reason, count }) => `${reason} ${number(count)}`).join(', ');
  return `${counted(total, 'hit')} came since and ${total === 1 ? 'was' : 'were'} not counted: ${reasons}.`;
}

/** `, 3.4 × usual`; empty where nothing is known to be usual. */
function compared({ value, baseline }: Payload): string {
  if (!baseline) return '';
  const times = value / baseline;
  return `, ${number(times >= 10 ? Math.round(times) : Math.round(times * 10) / 10)} × usual`;
}

function windowWords({ window }: Payload): string {
  return duration((Date.parse(window.to) - Date.parse(window.from)) / 1_000);
}

function clock({ site }: Payload, time: string | undefined): string {
  return time === undefined ? 'long' : clockOf(createZone(site.timezone), Date.parse(time));
}
