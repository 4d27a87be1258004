/** What stands where an answer will be, where there is none, and where it did not come. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Trouble } from '../api/problem.ts';
import type { Query } from '../api/use-query.ts';
import { Button } from './button.tsx';

/** Before this nobody wonders; behind it the page says how long it has been, and offers to stop. */
const PATIENCE_MS = 1_000;

export function Skeleton({ lines = 1, height = 16 }: { readonly lines?: number; readonly height?: number }) {
  return (
    <div class="stack" style={{ gap: '8px' }} aria-hidden="true">
      {Array.from({ length: lines }, (_, at) => (
        <span key={at} class="skeleton" style={{ height: `${height}px`, width: `${100 - ((at * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

export function Waiting({ sinceMs, onCancel }: { readonly sinceMs: number; readonly onCancel: () => void }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 200);
    return () => clearInterval(timer);
  }, []);
  const elapsed = now - sinceMs;
  if (sinceMs === 0 || elapsed < PATIENCE_MS) return null;
  return (
    <div class="waiting" role="status">
      <span>{(elapsed / 1_000).toFixed(1)} s so far</span>
      <Button kind="plain" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}

export function TroubleNote({ trouble, onRetry }: { readonly trouble: Trouble; readonly onRetry?: () => void }) {
  const { title, got, expected, next, code, requestId } = trouble;
  const lines = [
    ['got', got],
    ['expected', expected],
    ['next', next],
  ].filter(([, text]) => text !== undefined && text !== '');
  return (
    <div class="trouble" role="alert">
      <strong>{sentence(title)}</strong>
      {lines.length > 0 && (
        <dl>{lines.map(([name, text]) => [<dt key={name}>{name}</dt>, <dd key={`${name} text`}>{text}</dd>])}</dl>
      )}
      <span class="row small muted">
        {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
        <span>
          {code}
          {requestId !== undefined && ` · request ${requestId}`}
        </span>
      </span>
    </div>
  );
}

export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** Nothing is there: says why that may be, and what would change it. */
export function Empty(props: {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** It is all that the page has. */
  readonly isWhole?: boolean;
}) {
  const { title, children, isWhole = false } = props;
  return (
    <div class="empty">
      {isWhole ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}

/**
 * An answer, whatever has become of it: a skeleton of its size, how long it takes, the trouble, or what it is. While
 * another one is waited for, the last stays.
 */
export function Answer<Data>(props: {
  readonly of: Query<Data>;
  readonly skeleton?: ComponentChildren;
  readonly children: (data: Data) => ComponentChildren;
}) {
  const { data, trouble, isLoading, sinceMs, isCancelled, cancel, retry } = props.of;
  if (trouble !== undefined) return <TroubleNote trouble={trouble} onRetry={retry} />;
  return (
    <>
      {isLoading && <Waiting sinceMs={sinceMs} onCancel={cancel} />}
      {isCancelled && (
        <div class="waiting">
          <span>Cancelled.</span>
          <Button onClick={retry}>Ask again</Button>
        </div>
      )}
      {data === undefined ? (
        !isCancelled && (props.skeleton ?? <Skeleton lines={4} />)
      ) : (
        <div class={isLoading || isCancelled ? 'is-stale' : undefined} aria-busy={isLoading}>
          {props.children(data)}
        </div>
      )}
    </>
  );
}

/** A further part of a page of one answer: how long it takes, and why there is none, is said by its `Answer` alone. */
export function AnswerPart<Data>(props: {
  readonly of: Query<Data>;
  readonly skeleton: ComponentChildren;
  readonly children: (data: Data) => ComponentChildren;
}) {
  const { data, trouble, isLoading, isCancelled } = props.of;
  if (data === undefined) return trouble === undefined && !isCancelled ? props.skeleton : null;
  return (
    <div class={isLoading || isCancelled ? 'is-stale' : undefined} aria-busy={isLoading}>
      {props.children(data)}
    </div>
  );
}
