import { createContext, useContext } from 'react';
import type { RailEntry } from './page.ts';

/** In the order of the rail. */
export const RailContext = createContext<readonly RailEntry[]>([]);

export function useRail(): readonly RailEntry[] {
  return useContext(RailContext);
}
