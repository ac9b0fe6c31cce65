import { escapeUrl } from '../expressions/escapes.ts';
import { fillRequestText, type RequestValues } from '../expressions/index.ts';
import type { Destination } from '../model/configuration.ts';
import type { LeasedDelivery } from '../model/delivery.ts';

/** Why there is no request to be sent: trying again won't help. */
export interface Unfilled {
  error: string;
}

const NOT_EVALUATED =
  "The destination's URL or headers read something of the event that they did not read when it was accepted. Replay the event by the current rules.";
const DOT_SEGMENT =
  "With this event's values, the path of the destination's URL has a part that is `.` or `..`, which would lead elsewhere. Nothing was sent.";

/**
 * Puts the values of the delivery's event into the destination's URL and headers. The values were found when the event was accepted, so
 * all attempts send the same; what stands around them is the destination's as it is now.
 */
export function fillDestination(
  { request_values }: Pick<LeasedDelivery, 'request_values'>,
  destination: Destination,
): Destination | Unfilled {
  const { url, headers } = destination;
  const texts = [url, ...Object.values(headers ?? {})];
  if (!texts.some((text) => text.includes('{{'))) return destination;
  const values = request_values ?? {};
  const filledUrl = fillRequestText(url, values, escapeUrl);
  const filledHeaders = fillHeaders(headers ?? {}, values);
  if (filledUrl === undefined || filledHeaders === undefined) return { error: NOT_EVALUATED };
  return hasDotSegment(filledUrl) ? { error: DOT_SEGMENT } : { ...destination, url: filledUrl, headers: filledHeaders };
}

function fillHeaders(headers: Record<string, string>, values: RequestValues): Record<string, string> | undefined {
  const filled: Record<string, string> = {};
  for (const [name, text] of Object.entries(headers)) {
    const value = fillRequestText(text, values, forHeader);
    if (value === undefined) return undefined;
    filled[name] = value;
  }
  return filled;
}

/** What HTTP can't hold becomes a blank: a payload must not add headers. */
function forHeader(value: string): string {
  return value.replace(CONTROLS, ' ');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: matching them is the purpose
const CONTROLS = /[\x00-\x1f\x7f-\x9f]+/g;

/** URL parsers resolve these, percent-encoded ones too (WHATWG URL, "double-dot URL path segment"). */
function hasDotSegment(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  return path.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
}
