import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contract } from '../../../api/src/http/openapi.ts';
import { loadContract } from '../../../api/src/http/openapi.ts';

const YAML = `
openapi: 3.1.0
info: { title: Things, version: '1' }
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        - $ref: '#/components/parameters/Limit'
        - { name: state, in: query, schema: { $ref: '#/components/schemas/State' } }
    post:
      operationId: createThing
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Thing' }
  /things/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string, maxLength: 5 } }
    get: { operationId: getThing }
    patch:
      operationId: patchThing
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Thing' }
  /things/special:
    delete: { operationId: deleteSpecial }
  /boxes:
    get:
      operationId: listBoxes
      parameters: [{ name: from, in: query, schema: { type: string, format: date-time } }]
    post:
      operationId: createBox
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/NewBox' } } } }
    patch:
      operationId: patchBoxes
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/BoxFields' } } } }
  /jars:
    post:
      operationId: createJar
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Jar' } } } }
components:
  parameters:
    Limit: { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 200, default: 50 } }
  schemas:
    State: { type: string, enum: [open, closed] }
    Thing:
      type: object
      additionalProperties: false
      required: [name]
      properties:
        name: { type: string, minLength: 1, maxLength: 5, pattern: '^[a-z]*$' }
        state: { $ref: '#/components/schemas/State' }
        tags: { type: array, maxItems: 2, items: { type: string } }
        any: true
    Jar:
      type: object
      properties: { lid: { anyOf: [{ type: 'null' }, { $ref: '#/components/schemas/Lid' }] } }
    Lid: { type: object, additionalProperties: false, properties: { size: { type: integer, maximum: 9 } } }
    BoxFields:
      type: object
      properties: { name: { type: string }, kept: { type: boolean } }
    NewBox:
      type: object
      allOf: [{ $ref: '#/components/schemas/BoxFields' }]
      unevaluatedProperties: false
      properties: { kept: { default: true } }
`;

/** A small contract, read from a file like the real one. */
export function thingsContract(): Contract {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  try {
    const file = join(folder, 'openapi.yaml');
    writeFileSync(file, YAML);
    return loadContract(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
