import type { ListPath } from '../../../client/client.ts';
import { type OpenApiDocument, resolve } from '../../http/openapi.ts';

interface Schema {
  $ref?: string;
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

/** The fields of a list's rows, the id first, then in the order of the contract. */
export function columnsOf(document: OpenApiDocument, path: ListPath): string[] {
  const { get } = document.paths[path] as { get: { responses: Record<string, { content: Content }> } };
  const page = resolve(document, get.responses[200]?.content['application/json'].schema) as Schema;
  return [...new Set(['id', ...fieldsOf(document, page.properties?.data?.items ?? {})])];
}

interface Content {
  'application/json': { schema: Schema };
}

function fieldsOf(document: OpenApiDocument, schema: Schema): string[] {
  const { allOf = [], properties = {} } = resolve(document, schema) as Schema;
  return [...allOf.flatMap((part) => fieldsOf(document, part)), ...Object.keys(properties)];
}
