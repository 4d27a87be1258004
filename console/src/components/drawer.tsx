/** What is looked at closely, beside what it was found in; on a small screen it lies over it. */
import type { ComponentChildren } from 'preact';
import { useKeys } from '../state/keyboard.ts';
import { Button } from './button.tsx';

export interface DrawerProps {
  readonly title: string;
  readonly tools?: ComponentChildren;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Drawer({ title, tools, onClose, children }: DrawerProps) {
  useKeys([{ keys: 'Escape', does: 'close what is open', group: 'Everywhere', run: onClose }]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard as well.
    <aside class="panel drawer" aria-label={title} tabIndex={0}>
      <header>
        <h2>{title}</h2>
        <span class="push row" style={{ flexWrap: 'nowrap', gap: '2px' }}>
          {tools}
          <Button kind="plain" label="Close" title="Close (Esc)" onClick={onClose}>
            ✕
          </Button>
        </span>
      </header>
      {children}
    </aside>
  );
}
