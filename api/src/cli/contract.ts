import { type Contract, parseContract, resolve } from '../http/openapi.ts';
import { type Check, createValidator } from '../http/validate.ts';
import type { Defaults } from './changes.ts';
import type { Client } from './client.ts';
import type { Kind } from './names.ts';

/** What the API says about the records that it takes: its own contract, so that a file is checked by its rules. */
export interface RecordContract {
  checks: Record<Kind, Check>;
  defaults: Defaults;
}

type Schema = { type?: string | string[]; enum?: unknown[]; $ref?: string; properties?: Record<string, Schema> };

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
      sources: defaultsOf('SourceFields', contract),
      destinations: defaultsOf('DestinationFields', contract),
      mappings: defaultsOf('MappingFields', contract),
    },
  };
}

/** Without what every record has to say. */
function defaultsOf(schema: string, { document }: Contract): Record<string, unknown> {
  const { properties = {} } = resolve(document, { $ref: `#/components/schemas/${schema}` }) as Schema;
  const required = ['name', 'type', 'source', 'destination'];
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([field]) => !required.includes(field))
      .map(([field, property]) => [field, emptyValue(resolve(document, property) as Schema)]),
  );
}

/** A field that was never set is stored as the empty value of its type; of a choice the first is the default. */
function emptyValue({ type, enum: choices }: Schema): unknown {
  if (choices) return choices[0];
  switch (type) {
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return 0;
    case 'string':
      return '';
    case 'array':
      return [];
    default:
      return null;
  }
}
