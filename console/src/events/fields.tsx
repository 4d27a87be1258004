/** Every field that has a value; each can be kept, left out and copied. */
import { type EventRow, field } from '../api/event.ts';
import { canFilter, fieldName } from '../components/entities.ts';
import { Handle } from '../components/handle.tsx';
import { addFilter } from '../state/filters.ts';
import { formatTime, msOf } from '../state/time.ts';

/** Told elsewhere in the drawer, or of no use to a reader. */
const ELSEWHERE = new Set(['raw', 'verdict_missing', 'verdict_assumed', 'judgement']);
const SHOWN_CHARS = 2_000;

export function Fields({ of }: { readonly of: EventRow }) {
  const names = Object.keys(of).filter((name) => !ELSEWHERE.has(name) && !isNothing(of[name]));
  return (
    <details class="fold" open>
      <summary>Fields</summary>
      <dl class="facts">
        {names.map((name) => [
          <dt key={name}>{fieldName(name)}</dt>,
          <dd key={`${name} value`}>
            <Value name={name} of={of} />
          </dd>,
        ])}
      </dl>
    </details>
  );
}

function isNothing(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || value === 0 || (Array.isArray(value) && value.length === 0)
  );
}

function Value({ name, of }: { readonly name: string; readonly of: EventRow }) {
  const text = field(of, name);
  if (/_(?:time|at)$/.test(name)) return <time dateTime={text}>{formatTime(msOf(text), 'ms')}</time>;
  if (!canFilter(name, text)) {
    return (
      <bdi class="long-text">
        {text.slice(0, SHOWN_CHARS)}
        {text.length > SHOWN_CHARS && <span class="muted"> … {text.length} characters; the record has them all</span>}
      </bdi>
    );
  }
  return (
    <span class="field-value">
      <Handle field={name} value={text} account={field(of, 'account_id')} />
      <span class="field-tools">
        <button
          type="button"
          aria-label={`only ${fieldName(name)} ${text.slice(0, 80)}`}
          title="only these"
          onClick={() => addFilter('only', name, text)}
        >
          +
        </button>
        <button
          type="button"
          aria-label={`without ${fieldName(name)} ${text.slice(0, 80)}`}
          title="without these"
          onClick={() => addFilter('exclude', name, text)}
        >
          −
        </button>
      </span>
    </span>
  );
}
