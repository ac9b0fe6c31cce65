import { Fragment } from 'react';
import { Dialog } from '../ui/Dialog.tsx';
import { useActiveKeys } from '../ui/keys.ts';
import css from './Shell.module.css';

const NAMES: Record<string, string> = { Escape: 'Esc', ArrowDown: '↓', ArrowUp: '↑' };

/** The keys that work on the page that is open. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className={css.keys}>
        {[...useActiveKeys(), { key: '⌘K', label: 'Search; Ctrl K elsewhere' }].map(({ key, label }) => (
          <Fragment key={key}>
            <dt>
              {key.split(' ').map((part) => (
                <Fragment key={part}>
                  <kbd>{NAMES[part] ?? part}</kbd>{' '}
                </Fragment>
              ))}
            </dt>
            <dd>{label}</dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  );
}
