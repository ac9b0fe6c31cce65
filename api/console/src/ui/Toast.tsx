import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
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

const ToastContext = createContext<{ show: ShowToast } | undefined>(undefined);

export function useToasts(): { show: ShowToast } {
  const toasts = useContext(ToastContext);
  if (!toasts) throw new Error('There is no Toasts around this.');
  return toasts;
}

interface Shown extends ToastContent {
  id: number;
  close: () => void;
}

/** The corner where they are shown; around everything. */
export function Toasts({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Shown[]>([]);
  const nextId = useRef(0);
  const show = useCallback((toast: ToastContent) => {
    const id = nextId.current++;
    const close = () => {
      clearTimeout(timer);
      setShown((toasts) => toasts.filter((other) => other.id !== id));
    };
    const timer = setTimeout(close, UNDO_MS);
    setShown((toasts) => [...toasts.slice(-2), { ...toast, id, close }]);
  }, []);
  const value = useMemo(() => ({ show }), [show]);

  return (
    <ToastContext.Provider value={value}>
      {children}
      <div className={css.region} role="status" aria-live="polite">
        {shown.map(({ id, text, failed = false, undo, close }) => (
          <div key={id} className={`${css.toast} ${failed ? css.failed : ''}`}>
            {failed && <Icon name="error" />}
            <p>{text}</p>
            {undo && (
              <Button
                small
                icon="undo"
                onClick={() => {
                  close();
                  undo();
                }}
              >
                Undo
              </Button>
            )}
            <IconButton small icon="close" label="Close" onClick={close} />
          </div>
        ))}
      </div>
    </ToastContext.Provider>
  );
}
