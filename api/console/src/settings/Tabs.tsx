import { Link } from '@tanstack/react-router';
import { useMayWrite } from '../app/session.tsx';
import css from './settings.module.css';

/** The pages of the settings; viewers have fewer. */
export function Tabs() {
  const mayWrite = useMayWrite();
  const pages = [
    { path: '/settings', label: 'Password' },
    { path: '/settings/keys', label: 'API keys' },
    ...(mayWrite
      ? [
          { path: '/settings/users', label: 'Users' },
          { path: '/settings/audit', label: 'Audit' },
        ]
      : []),
  ];
  return (
    <nav className={css.tabs} aria-label="Settings">
      {pages.map(({ path, label }) => (
        <Link key={path} to={path as string} activeOptions={{ exact: true }}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
