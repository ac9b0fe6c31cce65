import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon.tsx';
import css from './Mark.module.css';

/** `red` needs a hand, `amber` waits, `green` is done, `accent` is under way, `grey` doesn't matter. */
export type Tone = 'red' | 'amber' | 'green' | 'accent' | 'grey';

export interface Look {
  tone: Tone;
  icon: IconName;
}

/** A state: icon and word, so that colour never says it alone. */
export function Mark({ tone, icon, children }: Look & { children: ReactNode }) {
  return (
    <span className={`${css.mark} ${css[tone]}`}>
      <Icon name={icon} size={14} />
      {children}
    </span>
  );
}
