/** A part of a page with a title. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface PanelProps {
  readonly title: ComponentChildren;
  /** Stands beside the title: a count, a switch, a link to the whole. */
  readonly more?: ComponentChildren;
  readonly children: ComponentChildren;
  /** Without a margin around: tables and lists. */
  readonly isFlush?: boolean;
}

export function Panel({ title, more, children, isFlush = false }: PanelProps) {
  const id = useId();
  return (
    <section class="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {more}
      </header>
      <div class={isFlush ? undefined : 'panel-body'}>{children}</div>
    </section>
  );
}
