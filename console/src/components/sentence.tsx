/** The answer in words, at the top of a page; every number in it is a link. */
import type { ComponentChildren } from 'preact';
import { formatNumber } from '../state/number.ts';

export function Sentence({ children }: { readonly children: ComponentChildren }) {
  return <p class="sentence">{children}</p>;
}

/** `12,431 requests`, as a link to them. */
export function Count(props: {
  readonly of: number;
  readonly one: string;
  readonly many?: string;
  readonly href: string;
}) {
  const { of, one, many = `${one}s`, href } = props;
  return (
    <a href={href}>
      {formatNumber(of)} {of === 1 ? one : many}
    </a>
  );
}
