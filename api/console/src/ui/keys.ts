import { useEffect, useSyncExternalStore } from 'react';

/** One key, or two after each other ("g e"). Names are those of KeyboardEvent.key. */
export interface Key {
  key: string;
  /** What it does, for the list of keys. */
  label: string;
  /** Absent: the browser does it, and it is only listed. */
  run?: () => void;
  /** Works on every page. */
  everywhere?: boolean;
}

/** Newest last: what is on top of the page wins. */
let layers: readonly (readonly Key[])[] = [];
const listeners = new Set<() => void>();

/** Keys that work while the component is there. Give a memoised list. */
export function useKeys(keys: readonly Key[]): void {
  useEffect(() => {
    // A copy: several components may give the same list.
    const own = [...keys];
    change([...layers, own]);
    return () => change(layers.filter((layer) => layer !== own));
  }, [keys]);
}

/** All that work now, for the list of them. */
export function useActiveKeys(): Key[] {
  const now = useSyncExternalStore(subscribe, () => layers);
  return [...new Map(now.flat().map((key) => [key.key, key])).values()];
}

/** Listens at the document; mount it once. */
export function useKeyListener(): void {
  useEffect(() => {
    const onKey = createKeyHandler(() => layers, isBusy);
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

type Press = Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey' | 'defaultPrevented' | 'preventDefault'> & {
  target: EventTarget | null;
};

/** Matches presses to keys: the last layer first, the second of two keys only right after the first. */
export function createKeyHandler(
  read: () => readonly (readonly Key[])[],
  busy: (target: EventTarget | null) => boolean,
) {
  let first = '';
  return (press: Press): void => {
    if (press.defaultPrevented || press.metaKey || press.ctrlKey || press.altKey || busy(press.target)) {
      first = '';
      return;
    }
    const keys = read()
      .toReversed()
      .flat()
      .filter(({ run }) => run !== undefined);
    const pressed = first === '' ? press.key : `${first} ${press.key}`;
    const found = keys.find(({ key }) => key === pressed) ?? keys.find(({ key }) => key === press.key);
    first = !found && keys.some(({ key }) => key.startsWith(`${press.key} `)) ? press.key : '';
    if (!found) return;
    press.preventDefault();
    found.run?.();
  };
}

/** Somebody types, or a dialog has the keyboard. */
function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('[role=dialog][data-modal]')) return true;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.shadowRoot !== null || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: typeof layers): void {
  layers = next;
  for (const listener of listeners) listener();
}
