import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { stringifyJson } from '../expressions/index.ts';
import { fieldProblem } from '../model/problems.ts';
import type { Once, Write } from '../store/write.ts';
import { actorName, scopeOf } from './authenticate.ts';

/** A structured field string, as draft-ietf-httpapi-idempotency-key-header-07 has it, or the text alone. */
const KEY = /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/;
const CLI = /^pockethook-cli(?: \((\w+)\))?$/;

/**
 * Who asks for a change, and what makes its repetition the same change: the Idempotency-Key, or one made for this
 * request. Call it behind the body's parser, for every request that writes.
 * @throws Problem `validation_failed`
 */
export function writeOf(request: Request, response: Response): Write & { once: Once } {
  const actor = actorName(response);
  return {
    actor,
    via: wayOf(request),
    correlation_id: response.locals.correlation_id,
    once: {
      key: sha256([scopeOf(response) ?? '', actor, keyOf(request, response)]),
      fingerprint: sha256([request.method, request.baseUrl + request.path, stringifyJson(request.body ?? null)]),
    },
    onRepeated: () => response.setHeader('Idempotent-Replayed', 'true'),
  };
}

function keyOf(request: Request, response: Response): string {
  const header = request.get('idempotency-key');
  // Without one, only what this process itself sends again is the same change.
  if (header === undefined) return `${response.locals.correlation_id} ${crypto.randomUUID()}`;
  const [, quoted, plain] = KEY.exec(header) ?? [];
  const key = quoted ?? plain;
  if (key !== undefined) return key;
  throw fieldProblem(
    'header/idempotency-key',
    'must be 1 to 255 printable ASCII characters, best a UUID; in double quotes or without',
  );
}

function wayOf(request: Request): 'api' | 'cli' | 'apply' {
  const cli = CLI.exec(request.get('user-agent') ?? '');
  if (!cli) return 'api';
  return cli[1] === 'apply' ? 'apply' : 'cli';
}

function sha256(parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
