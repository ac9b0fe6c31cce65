import { Fragment, type ReactNode, useEffect } from 'react';
import css from './Page.module.css';

interface PageHeadProps {
  title: string;
  /** Which of several pages of one title, for the browser's tab. */
  part?: string;
  beside?: ReactNode;
  actions?: ReactNode;
}

/** The head of a page: its title, which the browser's tab has too, what stands beside it, and what can be done. */
export function PageHead({ title, part, beside, actions }: PageHeadProps) {
  useEffect(() => {
    document.title = [part, title, 'Pockethook'].filter(Boolean).join(' · ');
  }, [title, part]);
  return (
    <header className={css.head}>
      <div className={css.titles}>
        <h1>{title}</h1>
        {beside}
      </div>
      {actions && <div className={css.actions}>{actions}</div>}
    </header>
  );
}

/** The body of a page that is no list. */
export function PageBody({ children }: { children: ReactNode }) {
  return <div className={css.body}>{children}</div>;
}

export function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.section}>
      <div className={css.sectionHead}>
        <h2>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Names and values; those that are null or undefined are left out. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <dl className={css.facts}>
      {facts.map(([name, value]) =>
        value === null || value === undefined || value === '' ? null : (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}
