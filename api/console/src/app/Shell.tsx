import { Link, Outlet, useLocation, useNavigate, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { IconButton } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import { type Key, useKeyListener, useKeys } from '../ui/keys.ts';
import { AccountSwitch } from './AccountSwitch.tsx';
import { Brand } from './Brand.tsx';
import { KeysHelp } from './KeysHelp.tsx';
import { keptFilters, useKeepFilters } from './kept-filters.ts';
import { MayWrite } from './MayWrite.tsx';
import type { RailEntry } from './page.ts';
import { useRail } from './rail.ts';
import css from './Shell.module.css';
import { UserMenu } from './UserMenu.tsx';

const Palette = lazy(() => import('./Palette.tsx'));

type Opened = 'keys' | 'palette' | 'sheet' | undefined;

/** Around every page: the rail, or on phones the bar at the bottom; the keys that work everywhere; search. */
export function Shell() {
  const [opened, setOpened] = useState<Opened>();
  const close = () => setOpened(undefined);
  useKeyListener();
  useShellKeys(setOpened);
  const rail = useRail();
  useKeepFilters(useMemo(() => rail.map(({ path }) => path), [rail]));
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#main">
        Skip to the page
      </a>
      <Rail onOpen={setOpened} />
      <main id="main" className={css.main} tabIndex={-1}>
        <MayWrite>
          <Outlet />
        </MayWrite>
      </main>
      <BottomBar onOpen={setOpened} />
      {opened === 'keys' && <KeysHelp onClose={close} />}
      {opened === 'palette' && (
        <Suspense>
          <Palette onClose={close} />
        </Suspense>
      )}
      {opened === 'sheet' && <Sheet onClose={close} onOpen={setOpened} />}
    </div>
  );
}

type OnOpen = (what: Opened) => void;

function Rail({ onOpen }: { onOpen: OnOpen }) {
  return (
    <div className={css.rail}>
      <div className={css.brand}>
        <Brand />
        Pockethook
      </div>
      <AccountSwitch className={css.account} />
      <button type="button" className={css.find} onClick={() => onOpen('palette')}>
        <Icon name="search" size={14} />
        <span>Search</span>
        <kbd>{isMac() ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <nav className={css.nav} aria-label="Pages">
        {useRail().map((entry) => (
          <Entry key={entry.path} entry={entry} className={css.entry} />
        ))}
      </nav>
      <div className={css.foot}>
        <UserMenu className={css.who} />
        <IconButton icon="keyboard" label="Keys (?)" onClick={() => onOpen('keys')} />
      </div>
    </div>
  );
}

function Entry({
  entry,
  className,
  onClick,
}: {
  entry: RailEntry;
  className?: string | undefined;
  onClick?: () => void;
}) {
  return (
    <Link
      to={entry.path as string}
      search={keptFilters(entry.path, useLocation().pathname) as never}
      className={className}
      activeOptions={{ exact: entry.path === '/', includeSearch: false }}
      {...(onClick && { onClick })}
    >
      <Icon name={entry.icon} />
      {entry.label}
    </Link>
  );
}

/** Phones: the five pages that matter most, the others in a sheet. */
function BottomBar({ onOpen }: { onOpen: OnOpen }) {
  const main = useRail().filter((entry) => entry.main);
  return (
    <nav className={css.bottom} aria-label="Main pages">
      {main.slice(0, 4).map((entry) => (
        <Entry key={entry.path} entry={entry} />
      ))}
      <button type="button" onClick={() => onOpen('sheet')}>
        <Icon name="menu" />
        More
      </button>
    </nav>
  );
}

function Sheet({ onClose, onOpen }: { onClose: () => void; onOpen: OnOpen }) {
  return (
    <Dialog title="Pockethook" onClose={onClose}>
      <AccountSwitch className={css.account} />
      <button type="button" className={css.find} onClick={() => onOpen('palette')}>
        <Icon name="search" size={14} />
        <span>Search</span>
      </button>
      <nav className={css.sheet} aria-label="Pages">
        {useRail().map((entry) => (
          <Entry key={entry.path} entry={entry} className={css.entry} onClick={onClose} />
        ))}
      </nav>
      <UserMenu className={css.who} />
    </Dialog>
  );
}

function useShellKeys(open: OnOpen): void {
  const navigate = useNavigate();
  const router = useRouter();
  const rail = useRail();
  const keys = useMemo(
    (): Key[] => [
      { key: '?', label: 'Show the keys', everywhere: true, run: () => open('keys') },
      ...rail.map(({ key, label, path }) => ({
        key: `g ${key}`,
        label: `Go to ${label.toLowerCase()}`,
        everywhere: true,
        run: () =>
          void navigate({ to: path as string, search: keptFilters(path, router.latestLocation.pathname) as never }),
      })),
    ],
    [open, navigate, router, rail],
  );
  useKeys(keys);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      open('palette');
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [open]);
}

function isMac(): boolean {
  return /Mac|iP(hone|ad)/.test(navigator.userAgent);
}
