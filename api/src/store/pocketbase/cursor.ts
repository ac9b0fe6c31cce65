import { Problem } from '../../model/problems.ts';

/** Where a page ended, as an opaque text. */
export function encodeCursor(position: string[]): string {
  return Buffer.from(position.join(' ')).toString('base64url');
}

/**
 * @param form what the position must look like: a cursor comes back from outside
 * @throws Problem `validation_failed`
 */
export function decodeCursor(cursor: string, form: RegExp): string[] {
  const position = Buffer.from(cursor, 'base64url').toString();
  if (form.test(position)) return position.split(' ');
  const message = 'is not a cursor of this list; use next_cursor as it was answered, or leave it out to begin anew';
  throw new Problem('validation_failed', `query/cursor ${message}`, {
    errors: [{ field: 'query/cursor', message }],
  });
}
