/**
 * A value that can be taken hold of. A click leads to its page. With Alt held it keeps only events with the value, with
 * Alt and Shift it leaves them out; the menu (right button, `m`, or the small arrow) offers the same in words.
 */
import type { ComponentChildren } from 'preact';
import { cut } from '../state/cut.ts';
import { fieldName, hrefOf } from './entities.ts';

export interface HandleProps {
  readonly field: string;
  readonly value: string | number | null | undefined;
  readonly account?: string | undefined;
  /** Shown in place of the value. */
  readonly children?: ComponentChildren;
  /** Shown where there is no value. */
  readonly empty?: string;
  /** Where the value is known from: recorded (default), looked up in the registry, or concluded. */
  readonly known?: 'recorded' | 'resolved' | 'inferred';
  /** For what is not simply recorded: from where, valid when; or how sure. */
  readonly because?: string;
}

export function Handle({ field, value, account, children, empty = '–', known = 'recorded', because }: HandleProps) {
  const text = value === null || value === undefined ? '' : String(value);
  if (text === '') return <span class="handle-empty">{empty}</span>;
  const href = hrefOf(field, text, { account });
  const shown = <bdi>{children ?? cut(text)}</bdi>;
  const classes = `handle ${known === 'recorded' ? '' : `known-${known}`}`;
  if (href === undefined) return <span class={classes}>{shown}</span>;
  const title =
    because === undefined ? `${fieldName(field)}: ${text.slice(0, 300)}` : `${text.slice(0, 200)} – ${because}`;
  return (
    <a class={classes} href={href} title={title} data-field={field} data-value={text}>
      {shown}
    </a>
  );
}
