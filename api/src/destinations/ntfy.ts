import { stringifyJson } from '../expressions/json.ts';
import type { Outcome } from '../model/delivery.ts';
import { PERMANENT, refusal } from './refusal.ts';
import { summarize, summaryLines } from './summary.ts';
import { cutBytes } from './text.ts';
import type { Answer, DefaultBodyInput, DestinationType, RenderedBody } from './type.ts';
import { asText, isObject, parseObject } from './value.ts';

/** In bytes; a longer message would become an attachment, or be refused: https://docs.ntfy.sh/publish/#limitations */
const MAX_MESSAGE = 4096;

/**
 * An ntfy topic, by its URL, which takes texts; or an ntfy server, by its own, which takes JSON with the topic in it:
 * https://docs.ntfy.sh/publish/#publish-as-json
 */
export const ntfy: DestinationType = {
  sends: true,
  defaultBody: (input: DefaultBodyInput) => summaryLines(summarize(input)),
  fit,
  classify,
};

function fit(value: unknown): RenderedBody {
  if (!isObject(value)) {
    return { body: cutBytes(asText(value), MAX_MESSAGE), content_type: 'text/plain; charset=utf-8' };
  }
  const { message } = value;
  const fitted = message === undefined ? value : { ...value, message: cutBytes(asText(message), MAX_MESSAGE) };
  return { body: stringifyJson(fitted), content_type: 'application/json' };
}

function classify(answer: Answer): Outcome | undefined {
  if (!PERMANENT.has(answer.status)) return undefined;
  const { error } = parseObject(answer.body);
  return { kind: 'permanent', error: refusal('ntfy', answer, typeof error === 'string' ? error : '', advise(answer)) };
}

function advise({ status }: Answer): string {
  if (status === 401 || status === 403) {
    return 'Set the header authorization of the destination: a token that may write to the topic.';
  }
  if (status === 404) return 'Check the URL: https://<server>/<topic>.';
  return 'Check the topic in the URL, or correct the template: JSON needs the URL of the server and a topic.';
}
