import { kindOf } from '../../kinds/index.ts';
import type { Environment } from '../settings.ts';
import { type Declaration, isObject } from './configuration-file.ts';

/** The mask for the hidden part of a secret, as in pocketbase/internal/secrets/mask.go. */
const MASKED = '••••';

export const isMask = (text: string): boolean => text.includes(MASKED);

/** Where references to secrets are resolved from. */
export interface SecretSources {
  env: Environment;
  /** Reads a file by the path given in the configuration file; throws if it can't be read. */
  readFile: (path: string) => string;
  /** Whether the stored secret has this mask. */
  isStored: (mask: string) => boolean;
}

type Report = (path: (string | number)[], message: string) => void;

/**
 * Resolves references in secret fields: `{env: NAME}` and `{file: PATH}`.
 * `{env: NAME, kept: MASK}` becomes the mask if NAME is not set and such a secret is stored; the API then keeps the secret.
 */
export function resolveReferences(
  { kind, fields }: Pick<Declaration, 'kind' | 'fields'>,
  sources: SecretSources,
  report: Report,
): Record<string, unknown> {
  const resolved = { ...fields };
  for (const [field, form] of Object.entries(kindOf(kind).secrets)) {
    const value = fields[field];
    const textAt = (item: unknown, ...at: (string | number)[]) => textOf(item, [field, ...at], sources, report);
    if (form === 'list' && Array.isArray(value))
      resolved[field] = value.map((secret, index) => {
        if (typeof secret === 'string' && !isMask(secret))
          report([field, index], 'holds a secret itself; write {env: NAME} or {file: PATH} instead');
        return textAt(secret, index);
      });
    if (form === 'map' && isObject(value))
      resolved[field] = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, textAt(item, name)]));
    if (form === 'text' && field in fields) resolved[field] = textAt(value);
  }
  return resolved;
}

/** Values other than references are returned unchanged; the contract's check validates them. */
function textOf(value: unknown, path: (string | number)[], sources: SecretSources, report: Report): unknown {
  if (typeof value === 'string' && isMask(value) && !sources.isStored(value))
    report(path, `keeps ${value}, but no such secret is stored; write {env: NAME} or {file: PATH}`);
  if (!isObject(value)) return value;
  const { env, file, kept, ...others } = value;
  const isReference = (typeof env === 'string') !== (typeof file === 'string') && Object.keys(others).length === 0;
  if (!isReference || !(kept === undefined || (typeof kept === 'string' && isMask(kept)))) {
    report(path, 'is no reference; write {env: NAME} or {file: PATH}');
    return '';
  }
  const text = typeof env === 'string' ? sources.env[env] : readOr(String(file), path, sources, report);
  if (text) return text;
  if (typeof kept === 'string' && sources.isStored(kept)) return kept;
  if (typeof env === 'string') report(path, `needs the environment variable ${env}, which is not set`);
  else if (text === '') report(path, `names the file ${file}, which is empty`);
  return '';
}

function readOr(path: string, place: (string | number)[], sources: SecretSources, report: Report): string | undefined {
  try {
    return sources.readFile(path).trim();
  } catch (fault) {
    report(place, `names the file ${path}, which can't be read (${(fault as NodeJS.ErrnoException).code})`);
    return undefined;
  }
}

/** Whether a field contains a mask. */
export function holdsMask(value: unknown): boolean {
  if (typeof value === 'string') return isMask(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsMask);
}
