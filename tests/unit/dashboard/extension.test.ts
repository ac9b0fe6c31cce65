import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULTS, makeSecret } from '../../../api/dashboard/defaults.ts';
import { READ_ONLY } from '../../../api/dashboard/read-only.ts';
import { toText, toValue } from '../../../api/dashboard/template.ts';
import { type Contract, loadContract } from '../../../api/src/http/openapi.ts';
import { KIND_NAMES, schemaNameOf } from '../../../api/src/kinds/index.ts';
import {
  DEFAULT_MAX_BODY_BYTES,
  DEFAULT_MAX_CONCURRENCY,
  DEFAULT_TIMEOUT_MS,
} from '../../../api/src/model/configuration.ts';
import { CONTRACT_FILE } from '../../support/contract.ts';
import { ROOT } from '../../support/pocketbase.ts';

/** Where the contract's default is 0, a form shows the number that 0 stands for. */
const ZERO_STANDS_FOR: Record<string, number> = {
  max_body_bytes: DEFAULT_MAX_BODY_BYTES,
  max_concurrency: DEFAULT_MAX_CONCURRENCY,
  timeout_ms: DEFAULT_TIMEOUT_MS,
};
const contract = loadContract(CONTRACT_FILE) as unknown as Contract & {
  document: { components: { schemas: Record<string, { properties: Record<string, { default?: unknown }> }> } };
};

describe('a new record in the dashboard', () => {
  test.each(KIND_NAMES)('of %s has the defaults of the contract, as far as an empty form differs', (kind) => {
    // The contract has no default for the type of a destination.
    const { type, ...defaults } = DEFAULTS[kind] ?? {};
    const declared = contract.document.components.schemas[`New${schemaNameOf(kind)}`]?.properties ?? {};
    const expected = Object.entries(declared)
      .map(([field, { default: usual }]) => [field, ZERO_STANDS_FOR[field] ?? usual] as const)
      .filter(
        ([, usual]) => usual === true || typeof usual === 'number' || (typeof usual === 'string' && usual !== ''),
      );
    expect(defaults).toEqual(Object.fromEntries(expected));
  });

  test.each([
    ['sources', { verification: 'github' }, /^[0-9a-f]{64}$/],
    ['sources', { verification: 'basic' }, /^pockethook:[0-9a-f]{64}$/],
    ['sources', { verification: 'standard-webhooks' }, /^whsec_[A-Za-z0-9+/]{43}=$/],
    ['destinations', { type: 'http' }, /^whsec_[A-Za-z0-9+/]{43}=$/],
  ])('of %s, %j, gets a secret, another one each time', (collection, record, form) => {
    const secret = makeSecret(collection, record);
    expect(secret).toMatch(form);
    expect(makeSecret(collection, record)).not.toBe(secret);
  });

  test.each([
    ['sources', { verification: 'none' }],
    ['sources', { verification: 'stripe' }],
    ['destinations', { type: 'discord' }],
    ['mappings', {}],
  ])('of %s, %j, gets none', (collection, record) => {
    expect(makeSecret(collection, record)).toBeUndefined();
  });
});

describe('a template in the form', () => {
  test.each([
    ['', null],
    ['null', null],
    ['  ', null],
    ['New issue: {{ data.title }}', '"New issue: {{ data.title }}"'],
    ['{{ data.title }}\n  by {{ data.sender }}', '"{{ data.title }}\\n  by {{ data.sender }}"'],
    ['5 new', '"5 new"'],
    ['{"content": "{{ data.title }}"}', { content: '{{ data.title }}' }],
    ['[1]', [1]],
    ['"[alert] {{ data.title }}"', '"[alert] {{ data.title }}"'],
    ['{"content": ', '{"content":'],
  ])('%j is saved as %j, and shown again as it was written', (text, value) => {
    expect(toValue(text)).toEqual(value);
    if (value === '{"content":') return;
    expect(toValue(toText(value))).toEqual(value);
  });

  test.each([
    ['Hello {{ body.name }}', 'Hello {{ body.name }}'],
    ['"quoted" by {{ body.name }}', '"\\"quoted\\" by {{ body.name }}"'],
    ['[alert]', '"[alert]"'],
    ['{{ body.a }}', '{{ body.a }}'],
    [{ a: 1 }, '{\n  "a": 1\n}'],
    [null, ''],
    [undefined, ''],
  ])('the stored %j is shown as %j', (stored, text) => {
    expect(toText(stored)).toBe(text);
  });
});

test('no new record is offered of what the service refuses', () => {
  const source = readFileSync(join(ROOT, 'pocketbase/internal/edits/read_only.go'), 'utf8');
  const [, list = ''] = /writtenByRoutes = \[\]string\{([^}]*)\}/.exec(source) ?? [];
  expect(READ_ONLY).toEqual([...list.matchAll(/"(\w+)"/g)].map(([, name]) => name));
});
