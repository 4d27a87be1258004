/** What is searched for: words, and values that are kept or left out. A click on a chip turns it round. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fieldName } from '../components/entities.ts';
import {
  dropAllFilters,
  dropFilter,
  type Filter,
  filters,
  isFilteredPage,
  setText,
  text,
  turnFilter,
} from '../state/filters.ts';

export const SEARCH_BOX_ID = 'search-box';

export function FilterBar() {
  const isHere = isFilteredPage();
  return (
    <div class="chips">
      <SearchBox />
      {isHere &&
        filters.value.map((filter) => <Chip key={`${filter.mode} ${filter.field} ${filter.value}`} filter={filter} />)}
      {isHere && filters.value.length > 1 && (
        <button type="button" class="button" data-kind="plain" onClick={dropAllFilters}>
          Clear
        </button>
      )}
    </div>
  );
}

function SearchBox() {
  const given = isFilteredPage() ? text.value : '';
  const [typed, setTyped] = useState(given);
  const field = useRef<HTMLInputElement>(null);
  // At once: a frame later it would take away what somebody has begun to type.
  useLayoutEffect(() => setTyped(given), [given]);
  return (
    <form
      class="search-box"
      onSubmit={(event) => {
        event.preventDefault();
        setText(typed.trim());
        field.current?.blur();
      }}
    >
      <input
        id={SEARCH_BOX_ID}
        ref={field}
        type="search"
        aria-label="Search the text of events"
        placeholder="Search text"
        value={typed}
        spellcheck={false}
        autocomplete="off"
        maxLength={1_000}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          setTyped(given);
          event.currentTarget.blur();
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

function Chip({ filter }: { readonly filter: Filter }) {
  const { mode, field, value } = filter;
  const told = `${mode === 'only' ? 'only' : 'without'} ${fieldName(field)} ${value || 'none'}`;
  return (
    <span class="chip" data-mode={mode}>
      <button
        type="button"
        title={`${told}; click to ${mode === 'only' ? 'leave it out' : 'keep it'} instead`}
        aria-label={`${told}: turn round`}
        onClick={() => turnFilter(filter)}
      >
        <span class="muted">
          {mode === 'exclude' && 'not '}
          {fieldName(field)}{' '}
        </span>
        <bdi>{value || 'none'}</bdi>
      </button>
      <button type="button" aria-label={`Drop: ${told}`} onClick={() => dropFilter(filter)}>
        ×
      </button>
    </span>
  );
}
