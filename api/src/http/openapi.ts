import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Role } from '../model/roles.ts';

/** The parts of an OpenAPI 3.1 document that this project reads. */
export interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, unknown>>;
}

export interface Operation {
  id: string;
  /** Upper case. */
  method: string;
  /** Template such as `/api/v1/sources/{id}`: also the name of the route in logs and metrics. */
  path: string;
  /** `x-role`, the least role that may call it; undefined: it names none, so only operators may. */
  role: Role | undefined;
  /** References are resolved. */
  parameters: Parameter[];
  /** JSON pointer to the schema of the JSON body; undefined: the operation takes none. */
  bodyPointer: string | undefined;
  bodyRequired: boolean;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Record<string, unknown>;
}

/** The bundled contract (api/contract), read once: what may be asked, in a form that can be looked up. */
export interface Contract {
  /** The file as it is, for those who download it. */
  text: string;
  document: OpenApiDocument;
  /** By operation id. */
  operations: ReadonlyMap<string, Operation>;
  /** The operations at a path as requested (no query), by method; undefined: no such path. */
  match(path: string): ReadonlyMap<string, Operation> | undefined;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const JSON_TYPE = 'application/json';

export const loadContract = (file: string): Contract => parseContract(readFileSync(file, 'utf8'));

export function parseContract(text: string): Contract {
  const document = parse(text) as OpenApiDocument;
  const operations = new Map<string, Operation>();
  const root: PathNode = { children: new Map() };
  for (const [path, item] of Object.entries(document.paths)) {
    const byMethod = new Map<string, Operation>();
    for (const method of METHODS) {
      if (!item[method]) continue;
      const operation = readOperation(document, path, method);
      operations.set(operation.id, operation);
      byMethod.set(operation.method, operation);
    }
    insert(root, path, byMethod);
  }
  return { text, document, operations, match: (path) => lookUp(root, path) };
}

export const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

function readOperation(document: OpenApiDocument, path: string, method: string): Operation {
  const item = document.paths[path] ?? {};
  const operation = item[method] as {
    operationId: string;
    'x-role'?: Role;
    parameters?: unknown[];
    requestBody?: { required?: boolean; content: Record<string, unknown> };
  };
  const body = operation.requestBody;
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    path,
    role: operation['x-role'],
    parameters: [...((item.parameters as unknown[]) ?? []), ...(operation.parameters ?? [])].map(
      (parameter) => resolve(document, parameter) as Parameter,
    ),
    bodyPointer:
      body && JSON_TYPE in body.content
        ? `/paths/${escapePointer(path)}/${method}/requestBody/content/${escapePointer(JSON_TYPE)}/schema`
        : undefined,
    bodyRequired: body?.required === true,
  };
}

/** Follows a local `$ref`; anything else is returned as it is. */
export function resolve(document: OpenApiDocument, value: unknown): unknown {
  const reference = (value as { $ref?: string }).$ref;
  if (reference === undefined) return value;
  let found: unknown = document;
  for (const key of reference.slice(2).split('/')) {
    found = (found as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return resolve(document, found);
}

/** Path templates as a tree of segments, since each request is looked up. */
interface PathNode {
  children: Map<string, PathNode>;
  /** Where any segment fits: `{id}`. */
  parameter?: PathNode;
  operations?: ReadonlyMap<string, Operation>;
}

const segments = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

function insert(root: PathNode, path: string, operations: ReadonlyMap<string, Operation>): void {
  let node = root;
  for (const segment of segments(path)) {
    const isParameter = segment.startsWith('{');
    const next: PathNode = (isParameter ? node.parameter : node.children.get(segment)) ?? { children: new Map() };
    if (isParameter) node.parameter = next;
    else node.children.set(segment, next);
    node = next;
  }
  node.operations = operations;
}

function lookUp(root: PathNode, path: string): ReadonlyMap<string, Operation> | undefined {
  let node: PathNode | undefined = root;
  for (const segment of segments(path)) {
    node = node.children.get(segment) ?? node.parameter;
    if (!node) return undefined;
  }
  return node.operations;
}
