import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { Button, IconButton } from './Button.tsx';
import { Icon } from './Icon.tsx';
import css from './Toast.module.css';

/** What can be taken back can be for as long as this. */
export const UNDO_MS = 10_000;

export interface ToastContent {
  text: string;
  failed?: boolean;
  /** Shown as a button as long as the toast is there. */
  undo?: () => void;
}

/** Says what was done, in a corner. */
export type ShowToast = (toast: ToastContent) => void;

/**
 * Does `act` only when nobody pressed Undo for ten seconds, or the page is left: for what can't be taken back once done.
 */
export type DoWithUndo = (toast: Omit<ToastContent, 'undo'> & { act: () => void; undo?: () => void }) => void;

const ToastContext = createContext<{ show: ShowToast; doWithUndo: DoWithUndo } | undefined>(undefined);

export function useToasts(): { show: ShowToast; doWithUndo: DoWithUndo } {
  const toasts = useContext(ToastContext);
  if (!toasts) throw new Error('There is no Toasts around this.');
  return toasts;
}

interface Shown extends ToastContent {
  id: number;
  end: (undone: boolean) => void;
}

/** The corner where they are shown; around everything. */
export function Toasts({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Shown[]>([]);
  const nextId = useRef(0);

  const add = useCallback((toast: ToastContent, onEnd: (undone: boolean) => void) => {
    const id = nextId.current++;
    let over = false;
    const end = (undone: boolean) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      setShown((toasts) => toasts.filter((other) => other.id !== id));
      onEnd(undone);
    };
    const timer = setTimeout(end, UNDO_MS, false);
    setShown((toasts) => [...toasts.slice(-2), { ...toast, id, end }]);
  }, []);

  const value = useMemo(
    () => ({
      show: ((toast) => add(toast, (undone) => undone && toast.undo?.())) satisfies ShowToast,
      doWithUndo: (({ act, undo, ...toast }) =>
        add({ ...toast, undo: () => undo?.() }, (undone) => (undone ? undo?.() : act()))) satisfies DoWithUndo,
    }),
    [add],
  );
  const latest = useRef(shown);
  latest.current = shown;
  useEffect(() => {
    const endAll = () => {
      for (const { end } of latest.current) end(false);
    };
    addEventListener('pagehide', endAll);
    return () => removeEventListener('pagehide', endAll);
  }, []);

  return (
    <ToastContext.Provider value={value}>
      {children}
      <div className={css.region} role="status" aria-live="polite">
        {shown.map(({ id, text, failed = false, undo, end }) => (
          <div key={id} className={`${css.toast} ${failed ? css.failed : ''}`}>
            {failed && <Icon name="error" />}
            <p>{text}</p>
            {undo && (
              <Button small icon="undo" onClick={() => end(true)}>
                Undo
              </Button>
            )}
            <IconButton small icon="close" label="Close" onClick={() => end(false)} />
          </div>
        ))}
      </div>
    </ToastContext.Provider>
  );
}
