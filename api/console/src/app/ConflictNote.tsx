import { stringifyJson } from '../../../client/json.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import css from './ConflictNote.module.css';
import type { Conflict } from './save.ts';

/** Somebody changed this meanwhile: what they changed, and both ways on. Nothing without a conflict. */
export function ConflictNote({ conflict }: { conflict: Conflict<object> | undefined }) {
  if (!conflict) return null;
  const { before, theirs, keepMine, takeTheirs } = conflict;
  return (
    <div role="alert" className={css.note}>
      <Icon name="error" />
      <div className={css.told}>
        <p>
          <strong>Somebody changed this meanwhile</strong>
        </p>
        <dl>
          {changedFields(before, theirs).map(([name, was, is]) => (
            <div key={name}>
              <dt>{name.replaceAll('_', ' ')}</dt>
              <dd>
                <del>{was}</del> <ins>{is}</ins>
              </dd>
            </div>
          ))}
        </dl>
        <p>Nothing of yours is saved yet. Kept, your changes go on top of theirs.</p>
        <div className={css.ways}>
          <Button small onClick={keepMine}>
            Keep mine
          </Button>
          <Button small onClick={takeTheirs}>
            Take theirs
          </Button>
        </div>
      </div>
    </div>
  );
}

function changedFields(before: object, after: object): [name: string, was: string, is: string][] {
  return Object.entries(after)
    .map(([name, value]): [string, string, string] => [
      name,
      textOf((before as Record<string, unknown>)[name]),
      textOf(value),
    ])
    .filter(([name, was, is]) => name !== 'updated' && was !== is);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '(empty)';
  return typeof value === 'string' ? value : stringifyJson(value);
}
