import { Fragment } from 'react';
import { Dialog } from '../ui/Dialog.tsx';
import { type Key, useActiveKeys } from '../ui/keys.ts';
import css from './Shell.module.css';

const NAMES: Record<string, string> = { Escape: 'Esc' };
/** Which another listener has: it works while somebody types, too. */
const SEARCH: Key = { key: '⌘ K', label: 'Search; Ctrl K elsewhere' };

/** Every key that works now: those of the page that is open, and those of every page. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const keys = useActiveKeys();
  const ofPage = keys.filter(({ everywhere }) => !everywhere);
  return (
    <Dialog title="Keys" onClose={onClose}>
      {ofPage.length > 0 && <Keys title="On this page" keys={ofPage} />}
      <Keys title="Everywhere" keys={[SEARCH, ...keys.filter(({ everywhere }) => everywhere)]} />
    </Dialog>
  );
}

function Keys({ title, keys }: { title: string; keys: readonly Key[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className={css.keys}>
        {keys.map(({ key, label }) => (
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
    </section>
  );
}
