import type { AnyRoute } from '@tanstack/react-router';
import type { IconName } from '../ui/Icon.tsx';

/** A folder of pages: its routes, and its entry in the rail. */
export interface Pages<Routes extends readonly AnyRoute[] = readonly AnyRoute[]> {
  routes: Routes;
  /** Absent: it is reached from other pages only. */
  entry?: RailEntry;
}

export interface RailEntry {
  label: string;
  icon: IconName;
  path: string;
  /** The second key of "g e". */
  key: string;
  /** Among the five at the bottom of a phone. */
  main?: boolean;
}
