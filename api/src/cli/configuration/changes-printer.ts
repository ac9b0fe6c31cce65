import { singularOf } from '../api/names.ts';
import { printJson } from '../terminal/json.ts';
import type { Output } from '../terminal/output.ts';
import { visibleLine } from '../terminal/visible.ts';
import { type Change, secretFieldsOf } from './changes.ts';

const SIGNS = { create: '+', update: '~', delete: '-' } as const;
const STYLES = { create: 'green', update: 'yellow', delete: 'red' } as const;

/** Prints the planned changes: `+` created, `-` deleted, `~` changed. Never shows values of secrets. */
export function printChanges(changes: Change[], output: Output): void {
  if (changes.length === 0) output.line('Everything is as the file says; no change.');
  for (const change of changes) {
    const { action, fields } = change;
    output.line(output.paint(STYLES[action], `${SIGNS[action]} ${nameOf(change)}`));
    for (const { field, before, after } of fields) {
      if (secretFieldsOf(change.kind).includes(field))
        output.line(output.paint(STYLES[action], `  ${SIGNS[action]} ${field}: (not shown)`));
      else {
        if (action === 'update') output.line(output.paint('red', `  - ${field}: ${printJson(before)}`));
        output.line(output.paint('green', `  + ${field}: ${printJson(after)}`));
      }
    }
  }
}

const WORDS = { create: 'created', update: 'changed', delete: 'deleted' } as const;

/** A summary: `2 created, 1 deleted`. */
export function summariseChanges(changes: Change[]): string {
  return (['create', 'update', 'delete'] as const)
    .map((action) => [changes.filter((change) => change.action === action).length, WORDS[action]] as const)
    .filter(([count]) => count > 0)
    .map((part) => part.join(' '))
    .join(', ');
}

export const nameOf = ({ kind, name }: Pick<Change, 'kind' | 'name'>): string =>
  `${singularOf(kind)} ${visibleLine(name)}`;
