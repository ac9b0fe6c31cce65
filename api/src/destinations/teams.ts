import { stringifyJson } from '../expressions/json.ts';
import type { Outcome } from '../model/delivery.ts';
import { escapeMarkdown } from './plain.ts';
import { isAboutMessage, PERMANENT, refusal } from './refusal.ts';
import { LINK_TEXT, summarize, withTexts } from './summary.ts';
import { cut } from './text.ts';
import type { Answer, DefaultBodyInput, DestinationType } from './type.ts';
import { asText, type Fields, isObject, parseObject } from './value.ts';

/** Of a whole message, 28 KB: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using */
const MAX_BYTES = 28_000;
/** A message that is too large gets shorter texts, then fewer elements, until it fits. */
const SHRINKING: readonly { text: number; items: number }[] = [
  ...[8000, 4000, 2000, 1000, 500, 200, 100].map((text) => ({ text, items: Number.POSITIVE_INFINITY })),
  ...[50, 20, 10, 5, 2, 1].map((items) => ({ text: 100, items })),
];
/** What people read of an Adaptive Card; an address or an id that was cut would be wrong. */
const TEXTS: ReadonlySet<string> = new Set(['text', 'title', 'value', 'altText', 'fallbackText', 'summary']);

/** A Teams channel or chat, by the URL of a workflow that posts the Adaptive Cards it receives. */
export const teams: DestinationType = {
  sends: true,
  defaultBody,
  fit: (value) => ({ body: fitBytes(toMessage(value)), content_type: 'application/json' }),
  classify,
};

function defaultBody(input: DefaultBodyInput): unknown {
  const { title, text, heading, url, link, facts } = withTexts(summarize(input), escapeMarkdown);
  const actions = [
    ...(url === undefined ? [] : [{ type: 'Action.OpenUrl', title: 'Open', url }]),
    ...(link === undefined ? [] : [{ type: 'Action.OpenUrl', title: LINK_TEXT, url: link }]),
  ];
  return card({
    body: [
      { ...textBlock(title), size: 'Medium', weight: 'Bolder' },
      ...(text === undefined ? [] : [textBlock(text)]),
      ...(heading === undefined ? [] : [{ ...textBlock(heading), isSubtle: true, spacing: 'None' }]),
      ...(facts.length === 0
        ? []
        : [{ type: 'FactSet', facts: facts.map(({ name, value }) => ({ title: name, value })) }]),
    ],
    ...(actions.length > 0 && { actions }),
  });
}

function card(content: Fields): Fields {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.4',
    ...content,
  };
}

function textBlock(text: string): Fields {
  return { type: 'TextBlock', text, wrap: true };
}

/** A text becomes a card, a card an attachment; any other object goes as it is, for workflows with a schema of their own. */
function toMessage(value: unknown): Fields {
  if (!isObject(value)) return toMessage(card({ body: [textBlock(asText(value))] }));
  if (value.type !== 'AdaptiveCard') return value;
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: value }],
  };
}

function fitBytes(message: Fields): string {
  let body = stringifyJson(message);
  for (const limit of SHRINKING) {
    if (Buffer.byteLength(body) <= MAX_BYTES) break;
    body = stringifyJson(shrink(message, limit));
  }
  return body;
}

function shrink(value: unknown, limit: { text: number; items: number }): unknown {
  if (Array.isArray(value)) return value.slice(0, limit.items).map((item) => shrink(item, limit));
  if (!isObject(value) || value instanceof Map) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      TEXTS.has(name) && typeof item === 'string' ? cut(item, limit.text) : shrink(item, limit),
    ]),
  );
}

/** What to do about the codes of the workflow service that people meet. */
const ADVICE: Readonly<Record<string, string>> = {
  WorkflowTriggerIsNotEnabled: 'Switch the workflow on in Teams (Workflows app) or Power Automate.',
  WorkflowNotFound: 'The workflow was deleted; make a new one and set its URL here.',
  TriggerInputSchemaMismatch: "Correct the template: it does not fit the schema of the workflow's trigger.",
};

function classify(answer: Answer): Outcome | undefined {
  if (!PERMANENT.has(answer.status)) return undefined;
  const { error } = parseObject(answer.body);
  const { code, message } = isObject(error) ? error : {};
  const reason = [code, message].filter((part) => typeof part === 'string').join(': ');
  const fallback = isAboutMessage(answer)
    ? 'Correct the template: an Adaptive Card.'
    : 'Copy the whole URL of the workflow again, with its sig.';
  return {
    kind: 'permanent',
    error: refusal('Teams', answer, reason, ADVICE[String(code)] ?? fallback),
  };
}
