import type { ComponentProps, ReactNode } from 'react';
import css from './Button.module.css';
import { Icon, type IconName } from './Icon.tsx';

interface Look {
  /** `primary`: the one thing to do here; `danger`: takes something away; `plain`: without a frame. */
  kind?: 'primary' | 'danger' | 'plain' | undefined;
  icon?: IconName;
  small?: boolean;
}

export interface ButtonProps extends Look, Omit<ComponentProps<'button'>, 'className'> {
  /** While true it can't be pressed again; it keeps its width. */
  pending?: boolean;
  children: ReactNode;
}

/** A verb, and what it is done to when that is not plain: "Retry 12 deliveries". */
export function Button({ kind, icon, small = false, pending = false, disabled, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={buttonClass({ kind, small }, pending && css.pending)}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
    >
      {icon && <Icon name={icon} size={14} />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  icon: IconName;
  /** Read out, and shown on hover. */
  label: string;
}

export function IconButton({ icon, label, kind = 'plain', small = false, pending, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      className={buttonClass({ kind, small }, css.square)}
    >
      <Icon name={icon} size={small ? 14 : 16} />
    </button>
  );
}

/** For a link that looks like a button. */
export function buttonClass({ kind, small }: Look, ...more: (string | false | undefined)[]): string {
  return [css.button, kind && css[kind], small && css.small, ...more].filter(Boolean).join(' ');
}
