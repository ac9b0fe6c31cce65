import { type Contract, parseContract, resolve } from '../../http/openapi.ts';
import { type Check, createValidator } from '../../http/validate.ts';
import { KIND_NAMES, schemaNameOf } from '../../kinds/index.ts';
import type { Client } from '../api/client.ts';
import type { Kind } from '../api/names.ts';
import type { Defaults } from './changes.ts';

/** The contract's schemas of records, so that a file is checked by the same rules as the API's. */
export interface RecordContract {
  checks: Record<Kind, Check>;
  /** The required fields of a new record. */
  required: Record<Kind, string[]>;
  defaults: Defaults;
}

interface Schema {
  default?: unknown;
  required?: string[];
  properties?: Record<string, Schema>;
  allOf?: object[];
}

export async function readRecordContract(client: Pick<Client, 'contract'>): Promise<RecordContract> {
  const contract = parseContract(await client.contract());
  const check = createValidator(contract);
  const ofEach = <T>(read: (schema: string) => T) =>
    Object.fromEntries(KIND_NAMES.map((kind) => [kind, read(schemaNameOf(kind))])) as Record<Kind, T>;
  return {
    checks: ofEach((schema) => check(`create${schema}`)),
    required: ofEach((schema) => readNew(schema, contract).required ?? []),
    defaults: ofEach((schema) => defaultsOf(schema, contract)),
  };
}

function readNew(schema: string, { document }: Contract): Schema {
  return resolve(document, { $ref: `#/components/schemas/New${schema}` }) as Schema;
}

/** Defaults of optional fields, except for the account and the name, which is a file's key; undefined if the value is generated, such as a secret. */
function defaultsOf(schema: string, contract: Contract): Record<string, unknown> {
  const { properties = {}, allOf = [], required = [] } = readNew(schema, contract);
  const fields = allOf.flatMap((part) => Object.keys((resolve(contract.document, part) as Schema).properties ?? {}));
  return Object.fromEntries(
    fields
      .filter((field) => field !== 'name' && !required.includes(field))
      .map((field) => [field, properties[field]?.default]),
  );
}
