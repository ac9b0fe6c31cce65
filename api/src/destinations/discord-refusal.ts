import { isAboutMessage, refusal } from './refusal.ts';
import type { Answer } from './type.ts';
import { type Fields, parseObject } from './value.ts';

/** What to do about the refusals that people meet; codes by https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const ADVICE: Readonly<Record<number, string>> = {
  10015: 'The webhook was deleted in Discord; make a new one and set its URL here.',
  50006: 'The template must give a content or at least one embed.',
  50027: 'The URL is not the whole webhook URL; copy it again from Discord.',
  50035: 'Correct the template.',
};

/** Discord's answer as one sentence that says what to change. */
export function discordRefusal(answer: Answer): string {
  const refused = parseObject(answer.body);
  const code = typeof refused.code === 'number' && refused.code !== 0 ? refused.code : undefined;
  const message = typeof refused.message === 'string' ? refused.message.replace(/\.?$/, '') : '';
  const said = [message, code !== undefined && `(${code})`].filter(Boolean).join(' ');
  const reason = [said, fieldErrors(refused).join('; ')].filter(Boolean).join(': ');
  const advice = ADVICE[code ?? -1] ?? (isAboutMessage(answer) ? ADVICE[50035] : undefined);
  return refusal('Discord', answer, reason, advice ?? 'Check the webhook URL.');
}

/**
 * Discord names bad fields in two forms: `errors`, a tree with `_errors: [{code, message}]` at its leaves,
 * and, from webhooks, `{"embeds": ["0"], "content": ["Must be 2000 or fewer in length."]}`.
 */
function fieldErrors(refused: Fields): string[] {
  if (refused.errors !== undefined) return leaves(refused.errors, '');
  return Object.entries(refused).flatMap(([field, reasons]) =>
    Array.isArray(reasons) ? [`${field}: ${reasons.filter((reason) => typeof reason === 'string').join(', ')}`] : [],
  );
}

function leaves(node: unknown, path: string): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, child]) => {
    if (key !== '_errors') return leaves(child, path ? `${path}.${key}` : key);
    if (!Array.isArray(child)) return [];
    const messages = child.flatMap((error: unknown) =>
      typeof error === 'object' && error !== null && 'message' in error
        ? [String(error.message).replace(/\.$/, '')]
        : [],
    );
    return [`${path}: ${messages.join(', ')}`];
  });
}
