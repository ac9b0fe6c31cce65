import { readFileSync } from 'node:fs';
import { type Contract, loadContract, resolve } from '../../../api/src/http/openapi.ts';
import { KIND_NAMES, KINDS, kindOf, schemaNameOf } from '../../../api/src/kinds/index.ts';
import { CONTRACT_FILE } from '../../support/contract.ts';

interface Schema {
  properties?: Record<string, Schema>;
  allOf?: Schema[];
  required?: string[];
}

/** Cases that pocketbase/internal/rules/kind_test.go holds the kinds of the PocketBase service to. */
const { kinds } = JSON.parse(readFileSync(new URL('../../shared/kinds.json', import.meta.url), 'utf8'));

test('both services describe the same kinds', () => {
  const ours = KIND_NAMES.map((collection) => {
    const { singular, view, nameFrom, within, secrets, expressions, references } = kindOf(collection);
    return {
      collection,
      singular,
      view,
      ...(nameFrom === undefined ? {} : { name_from: nameFrom }),
      ...(within === undefined ? {} : { within }),
      secrets,
      expressions: Object.keys(expressions),
      references,
    };
  });
  expect(ours).toEqual(kinds);
});

describe.each(KIND_NAMES)('%s', (kind) => {
  const { document } = loadContract(CONTRACT_FILE) as Contract;
  const schemaOf = (name: string) => resolve(document, { $ref: `#/components/schemas/${name}` }) as Schema;

  /** Of a schema and those that it consists of. */
  function fieldsOf(schema: Schema): string[] {
    const parts = (schema.allOf ?? []).flatMap((part) => fieldsOf(resolve(document, part) as Schema));
    return [...Object.keys(schema.properties ?? {}), ...parts];
  }

  test('are shown by the contract with every field that is read, and can be edited in it', () => {
    const name = schemaNameOf(kind);
    const stored = ['id', 'account', 'name', 'enabled', 'created', 'updated', ...Object.keys(KINDS[kind].fields)];
    expect(fieldsOf(schemaOf(name))).toEqual(expect.arrayContaining(stored));
    const editable = [...new Set(fieldsOf(schemaOf(`New${name}`)))];
    expect([...stored, 'account']).toEqual(expect.arrayContaining(editable));
  });

  test('refer to kinds that stand before them', () => {
    const before = KIND_NAMES.slice(0, KIND_NAMES.indexOf(kind));
    expect(before).toEqual(expect.arrayContaining(Object.values(kindOf(kind).references)));
  });
});
