import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Response } from 'supertest';
import { type Contract, escapePointer, loadContract, resolve } from '../../api/src/http/openapi.ts';
import { ROOT } from './pocketbase.ts';

/** As the build bundles it from api/contract. */
export const CONTRACT_FILE = join(ROOT, 'api/dist/openapi.yaml');

/** The parts of a response that the contract speaks of; supertest's has them. */
export type Answered = Pick<Response, 'status' | 'type' | 'text' | 'body' | 'headers'>;

/**
 * Throws when an answer is not one that the contract allows for the operation: status, content type,
 * required header fields, every field of the body.
 * @param path the template, such as `/api/v1/sources/{id}`
 */
export type CheckAnswer = (method: string, path: string, answer: Answered) => void;

interface ResponseObject {
  headers?: Record<string, { $ref?: string }>;
  content?: Record<string, unknown>;
}

const DOCUMENT = 'contract:openapi';

export function createAnswerCheck(contract: Contract = loadContract(CONTRACT_FILE)): CheckAnswer {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  addFormats(ajv);
  ajv.addVocabulary(Object.keys(contract.document));
  ajv.addSchema(contract.document, DOCUMENT);
  const compiled = new Map<string, ValidateFunction>();

  function schemaAt(pointer: string): ValidateFunction {
    let validate = compiled.get(pointer);
    if (!validate) {
      validate = ajv.compile({ $ref: `${DOCUMENT}#${pointer}` });
      compiled.set(pointer, validate);
    }
    return validate;
  }

  return (method, path, answer) => {
    const where = `${method} ${path} → ${answer.status}`;
    const { pointer, response } = findResponse(contract, method, path, answer.status, where);
    for (const [name, header] of Object.entries(response.headers ?? {})) {
      const { required } = resolve(contract.document, header) as { required?: boolean };
      if (required && answer.headers[name.toLowerCase()] === undefined) throw new Error(`${where}: no ${name} header`);
    }
    checkCorrelation(where, answer);
    if (!response.content) {
      if (answer.text) throw new Error(`${where} must have no body, and has ${answer.text}`);
      return;
    }
    if (!(answer.type in response.content)) {
      throw new Error(`${where}: content type ${answer.type} instead of ${Object.keys(response.content)}`);
    }
    const validate = schemaAt(`${pointer}/content/${escapePointer(answer.type)}/schema`);
    const body = answer.type.endsWith('json') ? JSON.parse(answer.text) : answer.text;
    if (validate(body)) return;
    throw new Error(`${where} does not fit the contract: ${ajv.errorsText(validate.errors)}\n${answer.text}`);
  };
}

function findResponse(contract: Contract, method: string, path: string, status: number, where: string) {
  const operation = contract.document.paths[path]?.[method.toLowerCase()] as
    | { responses: Record<string, { $ref?: string }> }
    | undefined;
  if (!operation) throw new Error(`the contract has no ${method} ${path}`);
  const declared = operation.responses[status];
  if (!declared) throw new Error(`${where} is not in the contract`);
  const pointer =
    declared.$ref?.slice(1) ?? `/paths/${escapePointer(path)}/${method.toLowerCase()}/responses/${status}`;
  return { pointer, response: resolve(contract.document, declared) as ResponseObject };
}

/** Holds for every answer, so the contract does not repeat it. */
function checkCorrelation(where: string, answer: Answered): void {
  const id = answer.headers['x-correlation-id'];
  if (!id) throw new Error(`${where}: no X-Correlation-Id`);
  if (answer.type !== 'application/problem+json') return;
  const problem = JSON.parse(answer.text) as { status: number; correlation_id: string };
  if (problem.status !== answer.status) throw new Error(`${where}: the body says ${problem.status}`);
  if (problem.correlation_id !== id) throw new Error(`${where}: the body has another correlation id than the header`);
}
