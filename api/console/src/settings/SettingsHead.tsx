import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMayWrite } from '../app/session.tsx';
import { PageHead } from '../ui/Page.tsx';
import css from './settings.module.css';

const PAGES = [
  { path: '/settings', label: 'Password' },
  { path: '/settings/keys', label: 'API keys' },
  { path: '/settings/users', label: 'Users', isForWriters: true },
  { path: '/settings/audit', label: 'Audit', isForWriters: true },
] as const;

/** The head of each page of the settings: the tab that is chosen names it. Viewers have fewer. */
export function SettingsHead({ page, actions }: { page: (typeof PAGES)[number]['label']; actions?: ReactNode }) {
  const mayWrite = useMayWrite();
  const tabs = PAGES.filter((one) => mayWrite || !('isForWriters' in one));
  return (
    <PageHead
      title="Settings"
      part={page}
      beside={
        <nav className={css.tabs} aria-label="Settings">
          {tabs.map(({ path, label }) => (
            <Link key={path} to={path as string} activeOptions={{ exact: true, includeSearch: false }}>
              {label}
            </Link>
          ))}
        </nav>
      }
      actions={actions}
    />
  );
}
