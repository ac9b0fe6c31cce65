import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { stringifyJson } from '../expressions/index.ts';
import { fieldProblem } from '../model/problems.ts';
import type { Once, Write, WriteOrigin } from '../store/write.ts';
import { actorName, scopeOf } from './authenticate.ts';

/** A quoted string as in draft-ietf-httpapi-idempotency-key-header-07, or the same text without quotes. */
const KEY = /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/;
/** A list of entity tags (RFC 9110, 13.1.1), some of them weak. */
const TAGS = /^\s*(?:(?:W\/)?"[\x21\x23-\x7e]*"\s*(?:,\s*|$))+$/;
const TAG = /(W\/)?"([^"]*)"/g;
const CLI = /^pockethook-cli(?: \((\w+)\))?$/;

/**
 * Who makes a change; the key by which the store recognises the same request sent again: the Idempotency-Key header,
 * or a key generated for this request; and the versions of the record that If-Match names. Call it after the body parser, for every request that writes.
 * @throws Problem `validation_failed`
 */
export function writeOf(request: Request, response: Response): Write & { once: Once } {
  const actor = actorName(response);
  const versions = versionsIn(request.get('if-match'));
  return {
    actor,
    ...(versions && { if_match: versions }),
    ...originOf(request, response),
    once: {
      key: sha256([scopeOf(response) ?? '', actor, keyOf(request, response)]),
      fingerprint: sha256([request.method, request.baseUrl + request.path, stringifyJson(request.body ?? null)]),
    },
    onRepeated: () => response.setHeader('Idempotent-Replayed', 'true'),
  };
}

/** For the audit. */
export function originOf(request: Request, response: Response): WriteOrigin {
  return { via: wayOf(request), correlation_id: response.locals.correlation_id };
}

function keyOf(request: Request, response: Response): string {
  const header = request.get('idempotency-key');
  // Without the header only this process's own retries to the store share a key.
  if (header === undefined) return `${response.locals.correlation_id} ${crypto.randomUUID()}`;
  const [, quoted, plain] = KEY.exec(header) ?? [];
  const key = quoted ?? plain;
  if (key !== undefined) return key;
  throw fieldProblem(
    'header/idempotency-key',
    'must be 1 to 255 printable ASCII characters, best a UUID; in double quotes or without',
  );
}

/** `*` is any version: a record that is gone answers 404 anyway. A weak tag never matches. */
function versionsIn(header: string | undefined): string[] | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  if (!TAGS.test(header)) {
    throw fieldProblem('header/if-match', 'must be the ETag of the record as it was answered, in double quotes, or *');
  }
  return [...header.matchAll(TAG)].flatMap(([, weak, version = '']) => (weak ? [] : [version]));
}

function wayOf(request: Request): 'api' | 'cli' | 'apply' {
  const cli = CLI.exec(request.get('user-agent') ?? '');
  if (!cli) return 'api';
  return cli[1] === 'apply' ? 'apply' : 'cli';
}

function sha256(parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
