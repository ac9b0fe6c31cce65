import { stringifyJson } from '../expressions/json.ts';
import type { Outcome } from '../model/delivery.ts';
import { PERMANENT, refusal, secondsOf, throttled } from './refusal.ts';
import { summarize, summaryLines } from './summary.ts';
import type { Answer, DefaultBodyInput, DestinationType } from './type.ts';
import { asText, cutField, type Fields, isObject, parseObject } from './value.ts';

/** https://core.telegram.org/bots/api#sendmessage and …#sendphoto */
const LIMITS = { text: 4096, caption: 1024 } as const;

/** A Telegram chat, by the URL of a bot's method with the chat in its query: `…/bot<token>/sendMessage?chat_id=<chat>`. */
export const telegram: DestinationType = {
  sends: true,
  defaultBody: (input: DefaultBodyInput) => ({
    text: summaryLines(summarize(input)),
    link_preview_options: { is_disabled: true },
  }),
  fit: (value) => ({ body: stringifyJson(fitMessage(value)), content_type: 'application/json' }),
  classify,
};

function fitMessage(value: unknown): Fields {
  if (!isObject(value)) return fitMessage({ text: asText(value) });
  const message = { ...value };
  cutText(message, 'text', LIMITS.text);
  cutText(message, 'caption', LIMITS.caption);
  return message;
}

/** A cut may leave markup open, which Telegram refuses: what is cut is sent without its mode. */
function cutText(message: Fields, key: 'text' | 'caption', max: number): void {
  const before = message[key];
  cutField(message, key, max);
  if (typeof before === 'string' && before !== message[key]) delete message.parse_mode;
}

function classify(answer: Answer): Outcome | undefined {
  const { description, parameters } = parseObject(answer.body);
  const { retry_after, migrate_to_chat_id } = isObject(parameters) ? parameters : {};
  if (PERMANENT.has(answer.status)) {
    const reason = typeof description === 'string' ? description : '';
    const advice =
      migrate_to_chat_id === undefined
        ? advise(answer.status, reason)
        : `Set chat_id=${migrate_to_chat_id} in the URL.`;
    return { kind: 'permanent', error: refusal('Telegram', answer, reason, advice) };
  }
  const seconds = answer.status === 429 ? secondsOf(retry_after) : undefined;
  return seconds === undefined ? undefined : throttled('Telegram', seconds);
}

/** Telegram has no codes but descriptions; what is stable of them is a few words. */
const ADVICE: readonly [RegExp, string][] = [
  [/chat_id is empty/, 'Add ?chat_id=<chat> to the URL.'],
  [/chat not found|PEER_ID_INVALID/, 'Correct chat_id in the URL, and add the bot to that chat.'],
  [/can't parse entities/, "A value broke the template's markup: leave out parse_mode."],
  [/text is empty|must be non-empty/, 'The template must give a text.'],
  [/blocked|kicked|not a member|deactivated|initiate/, 'Add the bot to the chat again, or set another chat_id.'],
  [/rights|FORBIDDEN|RESTRICTED/, 'Let the bot write in the chat.'],
];

function advise(status: number, description: string): string {
  const known = ADVICE.find(([words]) => words.test(description));
  if (known) return known[1];
  if (status === 401 || status === 404) return "Check the URL: …/bot<token>/sendMessage with BotFather's token.";
  return status === 403 ? 'Let the bot write in the chat.' : 'Correct the template.';
}
