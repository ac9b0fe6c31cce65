import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The flags of Node with which `npm start` runs the API of this folder. */
export function startFlags(root: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [, flags = ''] = /exec node ((?:--\S+ )+)api\/dist\/main\.js$/.exec(scripts.start) ?? [];
  if (flags === '') throw new Error('package.json: the script "start" is of another form than before');
  return flags.trim().split(' ');
}
