/** A dialog in front of the page. The browser keeps the keyboard in it, and gives it back when it closes. */
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from './button.tsx';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** It cannot be put away: something must be done first. */
  readonly isFirm?: boolean;
}

export function Dialog({ title, onClose, children, isFirm = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the browser closes it by Escape itself.
    <dialog
      ref={dialog}
      aria-labelledby={id}
      // A browser lets a second Escape close it, whatever is said of the first.
      closedby={isFirm ? 'none' : 'closerequest'}
      onCancel={(event) => {
        event.preventDefault();
        if (!isFirm) onClose();
      }}
      onClick={(event) => {
        if (!isFirm && event.target === dialog.current) onClose();
      }}
    >
      <div class="dialog-body">
        <div class="row spread">
          <h2 id={id} style={{ fontSize: '17px' }}>
            {title}
          </h2>
          {!isFirm && (
            <Button kind="plain" label="Close" onClick={onClose}>
              ✕
            </Button>
          )}
        </div>
        {children}
      </div>
    </dialog>
  );
}
