import { type OpenApiDocument, resolve } from '../../http/openapi.ts';
import { capitalized } from '../../kinds/index.ts';
import { describeNoun, type Noun, singularOf } from '../nouns.ts';

/** The parts of a field's JSON Schema that decide how its flag is parsed. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: string[];
  description?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  allOf?: Schema[];
}

/** `list` and `map` contain texts; `any` is JSON or a text; a `reference` is a name or an id. */
export type Form = 'text' | 'choice' | 'number' | 'flag' | 'list' | 'map' | 'any' | 'reference' | 'references';

/** One field of a kind, from the contract. */
export interface Field {
  name: string;
  form: Form;
  schema: Schema;
  required: boolean;
  /** The kind that a reference refers to. */
  refersTo: Noun | undefined;
}

/** The fields that `create` and `set` accept: all except for name and account. */
export function fieldsOf(document: OpenApiDocument, kind: Noun, of: 'new' | 'changes'): Field[] {
  const name = capitalized(singularOf(kind));
  const { properties, required } = flattened(document, {
    $ref: `#/components/schemas/${of === 'new' ? `New${name}` : `${name}Changes`}`,
  });
  return Object.entries(properties)
    .filter(([field]) => field !== 'name' && field !== 'account')
    .map(([field, schema]) => {
      const refersTo = describeNoun(kind).references[field];
      return { name: field, form: formOf(schema, refersTo), schema, required: required.includes(field), refersTo };
    });
}

/** The default of a field; undefined if it is required. */
export function emptyValue(document: OpenApiDocument, kind: Noun, { name, form }: Field): unknown {
  const made = fieldsOf(document, kind, 'new').find((field) => field.name === name);
  if (made === undefined || made.required) return undefined;
  if ('default' in made.schema) return made.schema.default;
  return form === 'list' || form === 'references' ? [] : undefined;
}

/** Merges the parts of `allOf`; the schema's own properties override them. */
function flattened(document: OpenApiDocument, schema: Schema): Required<Pick<Schema, 'properties' | 'required'>> {
  const { allOf = [], properties = {}, required = [] } = resolve(document, schema) as Schema;
  const parts = allOf.map((part) => flattened(document, part));
  const fields: Record<string, Schema> = Object.assign({}, ...parts.map((part) => part.properties));
  for (const [field, own] of Object.entries(properties)) {
    fields[field] = { ...fields[field], ...described(document, own) };
  }
  return { properties: fields, required: [...required, ...parts.flatMap((part) => part.required)] };
}

/** Merges a schema with what it refers to and its parts. */
function described(document: OpenApiDocument, schema: Schema): Schema {
  const { $ref: _, allOf = [], ...own } = { ...(resolve(document, schema) as Schema), ...schema };
  return Object.assign({}, ...allOf.map((part) => described(document, part)), own);
}

function formOf({ type, enum: choices }: Schema, refersTo: Noun | undefined): Form {
  const types = [type ?? []].flat();
  if (refersTo !== undefined) return types.includes('array') ? 'references' : 'reference';
  if (choices !== undefined) return 'choice';
  if (types.includes('boolean')) return 'flag';
  if (types.includes('integer') || types.includes('number')) return 'number';
  if (types.includes('array')) return 'list';
  if (types.includes('object')) return 'map';
  return types.includes('string') ? 'text' : 'any';
}
