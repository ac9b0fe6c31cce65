import type { ReactNode } from 'react';
import css from './Empty.module.css';
import { Icon, type IconName } from './Icon.tsx';

/** Where nothing is: what would be here, and the next thing to do. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className={css.empty}>
      <Icon name={icon} size={24} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}
