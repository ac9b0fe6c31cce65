import { compileExpression, makeContext } from '../../../api/src/expressions/index.ts';
import type { VerificationScheme } from '../../../api/src/model/configuration.ts';
import { defaultsOf } from '../../../api/src/presets/index.ts';

const schemeDefaults = (verification: VerificationScheme) => defaultsOf({ preset: '', verification });

function evaluate(text: string, headers: Record<string, string>, body: unknown): unknown {
  const compiled = compileExpression(text);
  if (!compiled.ok) return compiled;
  const event = { id: 'e', type: '', received_at: '', correlation_id: '' };
  const context = makeContext({ body, headers, query: {}, method: 'POST', source: 'x', event, data: {} });
  const result = compiled.value.evaluate(context);
  return result.ok ? result.value : result;
}

describe('the default event type', () => {
  const issues = { 'x-github-event': 'issues' };
  it.each<[VerificationScheme, Record<string, string>, unknown, string]>([
    ['github', issues, { action: 'opened' }, 'issues.opened'],
    ['github', { 'x-github-event': 'push' }, { ref: 'x' }, 'push'],
    ['github', issues, { action: 5 }, 'issues'],
    ['github', issues, 'text', 'issues'],
    ['github', issues, null, 'issues'],
    ['github', {}, {}, ''],
    ['standard-webhooks', {}, { type: 'invoice.paid' }, 'invoice.paid'],
    ['none', {}, { type: 'order.created' }, 'order.created'],
    ['none', {}, { type: { nested: true } }, ''],
    ['none', {}, [1], ''],
    ['hmac', {}, null, ''],
    ['hmac', {}, { kind: 'x' }, ''],
  ])('of %s with %j and %j is %j', (scheme, headers, body, expected) => {
    expect(evaluate(schemeDefaults(scheme).event_type, headers, body)).toBe(expected);
  });
});

describe('the default dedupe key', () => {
  const headers = { 'x-github-delivery': 'g', 'webhook-id': 'w', 'idempotency-key': 'i' };
  it.each<[VerificationScheme, string]>([
    ['github', 'g'],
    ['standard-webhooks', 'w'],
    ['none', 'i'],
    ['hmac', 'i'],
  ])('of %s is %j, and empty without its header', (scheme, expected) => {
    const { dedupe_key } = schemeDefaults(scheme);
    expect(evaluate(dedupe_key, headers, {})).toBe(expected);
    expect(evaluate(dedupe_key, {}, {})).toBe('');
  });
});
