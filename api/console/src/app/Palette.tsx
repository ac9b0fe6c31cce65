import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useDeferredValue, useId, useState } from 'react';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import css from './Palette.module.css';
import { type Found, useSearch } from './palette-search.ts';

/** Search over everything: pages, names, ids, correlation ids, words of events. Loaded when it is opened first. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const id = useId();
  const { found, searching } = useSearch(useDeferredValue(text.trim()));
  const go = (result: Found | undefined) => {
    if (!result) return;
    onClose();
    void navigate({ to: result.to, search: (result.search ?? {}) as never });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else if (event.key === 'Enter') go(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Search" onClose={onClose} wide>
      <input
        className={css.input}
        role="combobox"
        aria-label="Search"
        aria-expanded="true"
        aria-controls={`${id}-results`}
        aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
        placeholder="A name, an id, a correlation id, words of an event, a page"
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <div id={`${id}-results`} className={css.results} role="listbox" aria-label="Results" tabIndex={-1}>
        {found.map((result, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keyboard
          <div
            key={result.to + result.kind}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={css.option}
            onClick={() => go(result)}
            onPointerMove={() => setAt(index)}
          >
            <Icon name={result.icon} size={14} />
            <span>{result.label}</span>
            <small>{result.kind}</small>
          </div>
        ))}
      </div>
      {searching && <p role="status">Searching …</p>}
    </Dialog>
  );
}
