import { Icon } from '../ui/Icon.tsx';
import { Menu } from '../ui/Menu.tsx';
import { chooseTheme, useTheme } from '../ui/theme.ts';
import { useSession } from './session.tsx';

/** Who is logged in; colours, logging out. */
export function UserMenu({ className }: { className: string | undefined }) {
  const { email, role, logOut } = useSession();
  const theme = useTheme();
  const themed = (name: 'system' | 'light' | 'dark', label: string) => ({
    id: name,
    label: theme === name ? `${label} (chosen)` : label,
    icon: 'theme' as const,
    run: () => chooseTheme(name),
  });
  return (
    <Menu
      label="You"
      trigger={
        <button type="button" className={className} aria-label={`${email}, ${role}`}>
          <Icon name="settings" size={14} />
          <span>{email}</span>
        </button>
      }
      actions={[
        themed('system', 'Colours of the system'),
        themed('light', 'Light'),
        themed('dark', 'Dark'),
        { id: 'docs', label: 'API reference', icon: 'external', run: () => window.open('/docs', '_blank', 'noopener') },
        { id: 'logout', label: 'Log out', icon: 'logout', run: logOut },
      ]}
    />
  );
}
