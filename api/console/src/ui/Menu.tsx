import type { ComponentProps, ReactElement } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Pressable } from 'react-aria-components/Pressable';
import { Icon, type IconName } from './Icon.tsx';
import css from './Menu.module.css';

export interface MenuAction {
  id: string;
  label: string;
  icon?: IconName;
  disabled?: boolean;
  run: () => void;
}

/** A button (`trigger`) that opens a list of actions. */
export function Menu({ trigger, label, actions }: { trigger: ReactElement; label: string; actions: MenuAction[] }) {
  return (
    <MenuTrigger>
      <Pressable>{trigger as ComponentProps<typeof Pressable>['children']}</Pressable>
      <Popover className={css.popover ?? ''} placement="bottom start">
        <AriaMenu aria-label={label} className={css.menu ?? ''}>
          {actions.map(({ id, label: text, icon, disabled = false, run }) => (
            <MenuItem key={id} id={id} textValue={text} isDisabled={disabled} className={css.item ?? ''} onAction={run}>
              {icon && <Icon name={icon} size={14} />}
              {text}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
