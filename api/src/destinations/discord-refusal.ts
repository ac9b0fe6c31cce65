import { cut } from './text.ts';
import type { Answer } from './type.ts';

/** What to do about the refusals that people meet; codes by https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const ADVICE: Readonly<Record<number, string>> = {
  10015: 'The webhook was deleted in Discord; make a new one and set its URL here.',
  50006: 'The template must give a content or at least one embed.',
  50027: 'The URL is not the whole webhook URL; copy it again from Discord.',
  50035: 'Correct the template.',
};

/** Discord's answer as one sentence that says what to change. */
export function discordRefusal(answer: Answer): string {
  const refusal = parse(answer.body);
  const code = typeof refusal.code === 'number' && refusal.code !== 0 ? refusal.code : undefined;
  const message = typeof refusal.message === 'string' ? refusal.message.replace(/\.?$/, '') : '';
  const reasons = fieldErrors(refusal);
  const parts = [
    `Discord answered ${answer.status}`,
    message && `: ${message}`,
    code !== undefined && ` (${code})`,
    reasons.length > 0 && `: ${reasons.join('; ')}`,
  ];
  const advice = ADVICE[code ?? -1] ?? (answer.status === 400 ? ADVICE[50035] : 'Check the webhook URL.');
  return `${cut(parts.filter(Boolean).join('').replace(/\.?$/, ''), 200)}. ${advice}`;
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/**
 * Discord names bad fields in two forms: `errors`, a tree with `_errors: [{code, message}]` at its leaves,
 * and, from webhooks, `{"embeds": ["0"], "content": ["Must be 2000 or fewer in length."]}`.
 */
function fieldErrors(refusal: Record<string, unknown>): string[] {
  if (refusal.errors !== undefined) return leaves(refusal.errors, '');
  return Object.entries(refusal).flatMap(([field, reasons]) =>
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
