import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import css from './Dialog.module.css';

export interface DialogProps {
  title: string;
  /** Absent: it can't be closed but by what is in it. */
  onClose?: () => void;
  wide?: boolean;
  children: ReactNode;
}

/** A dialog over the page: it has the keyboard, Esc closes it, and focus goes back to where it was. */
export function Dialog({ title, onClose, wide = false, children }: DialogProps) {
  return (
    <ModalOverlay
      isOpen
      isDismissable={onClose !== undefined}
      isKeyboardDismissDisabled={onClose === undefined}
      onOpenChange={(open) => !open && onClose?.()}
      className={css.overlay ?? ''}
    >
      <Modal className={[css.dialog, wide && css.wide].filter(Boolean).join(' ')}>
        <AriaDialog data-modal="true">
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={css.actions}>{children}</div>;
}
