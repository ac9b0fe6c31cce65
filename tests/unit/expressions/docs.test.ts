import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { WebhookDefinition } from '@octokit/webhooks-examples';
import { FUNCTIONS } from '../../../api/src/expressions/guards.ts';
import { compileExpression, compileFilter, compileTemplate } from '../../../api/src/expressions/index.ts';
import { contextOf } from './context.ts';

const examples: WebhookDefinition[] = createRequire(import.meta.url)('@octokit/webhooks-examples');
const page = readFileSync(new URL('../../../docs/expressions.md', import.meta.url), 'utf8');

/** Stripe's event object around a payment intent, shortened (https://docs.stripe.com/api/events/object). */
const STRIPE = {
  'payment_intent.payment_failed': {
    id: 'evt_3PZ1',
    object: 'event',
    api_version: '2024-06-20',
    created: 1769860800,
    type: 'payment_intent.payment_failed',
    livemode: false,
    data: {
      object: {
        id: 'pi_3PZ1',
        object: 'payment_intent',
        amount: 12990,
        currency: 'eur',
        customer: 'cus_QXg1o8vcGmoR32',
        last_payment_error: { code: 'card_declined', message: 'Your card was declined.', type: 'card_error' },
      },
    },
  },
};

const chapters = page
  .split(/^### /m)
  .slice(1)
  .map((text): [string, string] => [text.slice(0, text.indexOf('\n')), text]);

test('there are ten examples', () => {
  expect(chapters).toHaveLength(10);
});

test.each(chapters)('%s', (_title, text) => {
  const [, kind = '', code = ''] = /```\w+ (filter|value|extract|template)\n(.*?)```/s.exec(text) ?? [];
  const [, result = ''] = /```json result\n(.*?)```/s.exec(text) ?? [];
  expect(RUN[kind]?.(code, contextOfExample(text))).toEqual(JSON.parse(result));
});

function contextOfExample(text: string) {
  const [, vendor, name = '', index] = /<!-- event: (\w+) (\S+)(?: (\d+))? -->/.exec(text) ?? [];
  if (vendor === 'stripe') return contextOf(STRIPE[name as keyof typeof STRIPE]);
  const definition = examples.find((event) => event.name === name);
  return contextOf(definition?.examples[Number(index)], { headers: { 'x-github-event': name } });
}

const RUN: Record<string, (code: string, context: ReturnType<typeof contextOf>) => unknown> = {
  filter(code, context) {
    const result = must(compileFilter(code)).evaluate(context);
    return 'matched' in result ? result.matched : result;
  },
  value: (code, context) => must(must(compileExpression(code)).evaluate(context)),
  template: (code, context) => must(must(compileTemplate(JSON.parse(code))).render(context)),
  extract(code, context) {
    const rules = Object.entries(JSON.parse(code) as Record<string, string>);
    const results = rules.map(([name, rule]) => [name, must(compileExpression(rule)).evaluate(context)] as const);
    return Object.fromEntries(results.flatMap(([name, result]) => (result.ok ? [[name, result.value]] : [])));
  },
};

function must<T>(result: { ok: true; value: T } | { ok: false; error: { message: string } }): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

test('the page names every function', () => {
  const missing = Object.keys(FUNCTIONS).filter((name) => !new RegExp(`\\b${name}\\b`).test(page));
  expect(missing).toEqual([]);
});
