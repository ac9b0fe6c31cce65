import { type Contract, parseContract, resolve } from '../../http/openapi.ts';
import { type Check, createValidator } from '../../http/validate.ts';
import type { Client } from '../api/client.ts';
import type { Kind } from '../api/names.ts';
import type { Defaults } from './changes.ts';

/** What the API says about the records that it takes: its own contract, so that a file is checked by its rules. */
export interface RecordContract {
  checks: Record<Kind, Check>;
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
  return {
    checks: {
      sources: check('createSource'),
      destinations: check('createDestination'),
      mappings: check('createMapping'),
    },
    defaults: {
      sources: defaultsOf('NewSource', contract),
      destinations: defaultsOf('NewDestination', contract),
      mappings: defaultsOf('NewMapping', contract),
    },
  };
}

/** Of what a new record may leave out, but whose it is; undefined: what it gets then is made for it, such as a secret. */
function defaultsOf(schema: string, { document }: Contract): Record<string, unknown> {
  const read = (part: object) => resolve(document, part) as Schema;
  const { properties = {}, allOf = [], required = [] } = read({ $ref: `#/components/schemas/${schema}` });
  const fields = allOf.flatMap((part) => Object.keys(read(part).properties ?? {}));
  return Object.fromEntries(
    fields.filter((field) => !required.includes(field)).map((field) => [field, properties[field]?.default]),
  );
}
