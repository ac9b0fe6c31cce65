import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import type { Request } from 'express';
import { type FieldError, Problem } from '../model/problems.ts';
import { type Contract, type OpenApiDocument, type Operation, type Parameter, resolve } from './openapi.ts';

/** What a request carries, checked against the contract: with its defaults, and query and path values of the types that it names. */
export interface Input {
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  /** Undefined if the operation takes no body, or an optional one was not sent. */
  body: unknown;
}

/** Checks a request of one operation; throws Problem `validation_failed` with an error for each field. */
export type Check = (request: Pick<Request, 'params' | 'query' | 'body'>) => Input;

type Describe = (error: ErrorObject, place: string) => FieldError;

const MAX_ERRORS = 20;
const MAX_NESTING = 64;
const DOCUMENT = 'contract:openapi';

/** Compiles the contract's schemas; call once. The result gives the check of an operation by its id. */
export function createValidator(contract: Contract): (operationId: string) => Check {
  const bodies = createAjv(contract, {});
  // Path and query are texts, which get the types that the contract names.
  const texts = createAjv(contract, { coerceTypes: true });
  return (operationId) => {
    const operation = contract.operations.get(operationId);
    if (!operation) throw new Error(`openapi.yaml has no operation ${operationId}`);
    return createCheck(operation, bodies, texts, (error, place) => toFieldError(error, place, contract.document));
  };
}

function createAjv(contract: Contract, options: Options): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, verbose: true, useDefaults: true, ...options });
  addFormats(ajv);
  ajv.addFormat('date-time', isTime);
  // The document is added whole, so that references work; strict mode would not know OpenAPI's own words.
  ajv.addVocabulary(Object.keys(contract.document));
  ajv.addSchema(contract.document, DOCUMENT);
  return ajv;
}

const { validate: isDateTime } = fullFormats['date-time'] as { validate: (text: string) => boolean };

/** RFC 3339, but only what a Date can hold with a year of four digits: it has no leap seconds. */
function isTime(text: string): boolean {
  const time = new Date(text);
  return isDateTime(text) && !Number.isNaN(time.getTime()) && /^\d{4}-/.test(time.toISOString());
}

function createCheck(operation: Operation, bodies: Ajv2020, texts: Ajv2020, describe: Describe): Check {
  const checkParams = texts.compile(parametersSchema(operation.parameters, 'path'));
  const checkQuery = texts.compile(parametersSchema(operation.parameters, 'query'));
  const checkBody = operation.bodyPointer && bodies.compile({ $ref: `${DOCUMENT}#${operation.bodyPointer}` });
  return (request) => {
    const input: Input = { params: { ...request.params }, query: { ...request.query }, body: undefined };
    const errors = [
      ...run(checkParams, input.params, 'path', describe),
      ...run(checkQuery, input.query, 'query', describe),
    ];
    if (checkBody && (operation.bodyRequired || request.body !== undefined)) {
      // Defaults are put into a copy: what identifies a repetition is the body as it was sent.
      input.body = isPlainObject(request.body) ? { ...request.body } : request.body;
      refuseNoBody(input.body);
      refuseDeepNesting(input.body);
      refuseHugeNumbers(input.body);
      errors.push(...run(checkBody, input.body, '', describe));
    }
    if (errors.length > 0) throw validationFailed(errors);
    return input;
  };
}

function isPlainObject(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

function refuseNoBody(body: unknown): void {
  if (body !== undefined) return;
  throw new Problem('validation_failed', 'Send a JSON body, with Content-Type: application/json.');
}

/** What is nested deeper can overflow whoever walks over it, JSON.stringify among them. */
function refuseDeepNesting(body: unknown): void {
  if (!nestsDeeper(body, MAX_NESTING)) return;
  throw validationFailed([{ field: '/', message: `nests deeper than ${MAX_NESTING} levels` }]);
}

function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => nestsDeeper(inner, levels - 1));
}

/** 1e400 is a number of JSON, and Infinity once parsed, which would be written as null. */
function refuseHugeNumbers(body: unknown): void {
  const place = hugeNumberIn(body, '');
  if (place !== undefined) throw validationFailed([{ field: place || '/', message: 'is a number beyond 1.8e308' }]);
}

function hugeNumberIn(value: unknown, place: string): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : place;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = hugeNumberIn(inner, `${place}/${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The problem for fields that don't fit; its detail repeats the first, for those who read only that. */
function validationFailed(errors: FieldError[]): Problem {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new Problem(
    'validation_failed',
    first ? `${first.field} ${first.message}${more}` : 'The request was refused.',
    {
      errors: errors.slice(0, MAX_ERRORS),
    },
  );
}

function parametersSchema(parameters: Parameter[], place: Parameter['in']): object {
  const own = parameters.filter((parameter) => parameter.in === place);
  return {
    type: 'object',
    properties: Object.fromEntries(own.map(({ name, schema }) => [name, absolute(schema)])),
    required: own.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}

/** A parameter's schema is compiled outside of its document, so a local reference has to name it. */
function absolute(schema: Record<string, unknown>): Record<string, unknown> {
  return typeof schema.$ref === 'string' ? { ...schema, $ref: `${DOCUMENT}${schema.$ref}` } : schema;
}

function run(validate: ValidateFunction, value: unknown, place: string, describe: Describe): FieldError[] {
  if (validate(value)) return [];
  // These only repeat that one of their branches failed, which says so itself.
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'allOf' && keyword !== 'if');
  return errors.filter((error) => !isSaidBetter(error, errors)).map((error) => describe(error, place));
}

/** Where null or an object may stand, what is wrong with the object says it all. */
function isSaidBetter(error: ErrorObject, errors: ErrorObject[]): boolean {
  const isAboutAlternatives = ({ keyword, params }: ErrorObject) =>
    keyword === 'anyOf' || keyword === 'oneOf' || (keyword === 'type' && params.type === 'null');
  const isInside = ({ instancePath }: ErrorObject) =>
    instancePath === error.instancePath || instancePath.startsWith(`${error.instancePath}/`);
  return isAboutAlternatives(error) && errors.some((other) => !isAboutAlternatives(other) && isInside(other));
}

function toFieldError(error: ErrorObject, place: string, document: OpenApiDocument): FieldError {
  const { keyword, params } = error;
  const field = (name?: unknown) => `${place}${error.instancePath}${name === undefined ? '' : `/${name}`}`;
  if (typeof error.data === 'bigint' && keyword === 'type')
    return { field: field(), message: `must be ${params.type}, and no whole number beyond 2^53` };
  switch (keyword) {
    case 'required':
      return { field: field(params.missingProperty), message: 'is required' };
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return {
        field: field(params.additionalProperty ?? params.unevaluatedProperty),
        message: `is unknown here; known are: ${[...new Set(knownFields(error.parentSchema, document))].join(', ')}`,
      };
    case 'enum':
      return { field: field(), message: `must be one of: ${(params.allowedValues as unknown[]).join(', ')}` };
    case 'format':
      if (params.format !== 'date-time') break;
      return { field: field(), message: 'must be a time that exists, such as 2026-01-31T12:00:00Z' };
    case 'pattern':
      return { field: field(), message: `must match ${params.pattern}` };
    case 'maxLength':
      return { field: field(), message: `must have at most ${params.limit} characters` };
    case 'minLength':
      return { field: field(), message: `must have at least ${params.limit} characters` };
    case 'maxItems':
      return { field: field(), message: `must have at most ${params.limit} items` };
    case 'minItems':
      return { field: field(), message: `must have at least ${params.limit} items` };
  }
  return { field: field() || '/', message: error.message ?? 'does not fit' };
}

function knownFields(schema: unknown, document: OpenApiDocument): string[] {
  const { properties = {}, allOf = [] } = resolve(document, schema) as { properties?: object; allOf?: object[] };
  return [...allOf.flatMap((part) => knownFields(part, document)), ...Object.keys(properties)];
}
