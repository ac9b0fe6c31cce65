import { kindOf } from '../../kinds/index.ts';
import type { Environment } from '../settings.ts';
import { type Declaration, isObject } from './configuration-file.ts';

/** What the PocketBase service shows instead of the hidden part of a secret (pocketbase/internal/secrets/mask.go). */
const MASKED = '••••';

export const isMask = (text: string): boolean => text.includes(MASKED);

/** Where secrets come from that are not in the file. */
export interface SecretSources {
  env: Environment;
  /** Path as in the file; throws when it can't be read. */
  readFile: (path: string) => string;
  /** Whether the API shows this mask of what the record has now. */
  isStored: (mask: string) => boolean;
}

type Report = (path: (string | number)[], message: string) => void;

/**
 * The fields with their secrets in place: `{env: NAME}` and `{file: PATH}` where the kind holds secrets.
 * `{env: NAME, kept: MASK}` becomes the mask when NAME is not set and such a secret is stored: the API keeps it then.
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

/** Anything but a reference stays what it is; whether it fits is for the contract to say. */
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

/** Whether there is a mask among the texts of a field. */
export function holdsMask(value: unknown): boolean {
  if (typeof value === 'string') return isMask(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsMask);
}
