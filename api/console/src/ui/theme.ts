import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'pockethook.theme';
const listeners = new Set<() => void>();
let version = 0;

export function readTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** `system` follows the browser's. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  applyTheme();
  changed();
}

/** Call once before the first paint. */
export function applyTheme(): void {
  const theme = readTheme();
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Another number after each change of colours, for what draws them itself. */
export function useThemeVersion(): number {
  return useSyncExternalStore(subscribe, () => version);
}

export function useTheme(): Theme {
  useThemeVersion();
  return readTheme();
}

function subscribe(listener: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  listeners.add(listener);
  system.addEventListener('change', changed);
  return () => {
    listeners.delete(listener);
    system.removeEventListener('change', changed);
  };
}

function changed(): void {
  version++;
  for (const listener of listeners) listener();
}
