/** What a search keeps and leaves out. It stands in the address under the names that the API has for it. */
import { computed } from '@preact/signals';
import { change, go, path, search } from './location.ts';
import { linkTo } from './range.ts';

export type FilterMode = 'only' | 'exclude';

export interface Filter {
  readonly mode: FilterMode;
  readonly field: string;
  readonly value: string;
}

/** Longer values can be copied, but no address holds them. */
const VALUE_CHARS_MAX = 1_500;

const NAME = /^(only|exclude)\.([a-z_]+)$/;

export const filters = computed<readonly Filter[]>(() =>
  [...new URLSearchParams(search.value)].flatMap(([name, value]) => {
    const [, mode, field = ''] = NAME.exec(name) ?? [];
    return mode === undefined ? [] : [{ mode: mode as FilterMode, field, value }];
  }),
);

export const text = computed(() => new URLSearchParams(search.value).get('text') ?? '');

/** As parameters of the API, and of an address. */
export function filterParams(
  of: readonly Filter[] = filters.value,
  words = text.value,
): Record<string, readonly string[]> {
  const params: Record<string, string[]> = {};
  for (const { mode, field, value } of of) {
    const name = `${mode}.${field}`;
    params[name] = [...(params[name] ?? []), value];
  }
  return words === '' ? params : { ...params, text: [words] };
}

export function isFilterable(value: string): boolean {
  return value.length <= VALUE_CHARS_MAX;
}

/** Pages whose figures follow the filters; from any other one a filter leads to the search. */
const FILTERED_PAGES = ['/', '/search', '/tail'];

export function isFilteredPage(pathname: string = path.value): boolean {
  return FILTERED_PAGES.includes(pathname);
}

/** Keeps, or leaves out, the events with a value; the same asked for again in the other way replaces it. */
export function addFilter(mode: FilterMode, field: string, value: string): void {
  const others = isFilteredPage() ? filters.value.filter((one) => one.field !== field || one.value !== value) : [];
  show([...others, { mode, field, value }]);
}

export function dropFilter(filter: Filter): void {
  show(filters.value.filter((one) => one !== filter));
}

export function turnFilter(filter: Filter): void {
  const mode = filter.mode === 'only' ? 'exclude' : 'only';
  show(filters.value.map((one) => (one === filter ? { ...filter, mode } : one)));
}

export function dropAllFilters(): void {
  show([], '');
}

function show(next: readonly Filter[], words = text.value): void {
  if (!isFilteredPage()) {
    go(linkTo('/search', filterParams(next, '')));
    return;
  }
  const taken = Object.fromEntries(filters.value.map(({ mode, field }) => [`${mode}.${field}`, undefined]));
  change({ ...taken, text: undefined, ...filterParams(next, words), event: undefined });
}

export function setText(words: string): void {
  if (isFilteredPage()) change({ text: words, event: undefined });
  else go(linkTo('/search', { text: words }));
}

/** The address of a search for events with one value, of the same time. */
export function searchFor(field: string, value: string, more: Readonly<Record<string, string>> = {}): string {
  return linkTo('/search', { [`only.${field}`]: value, ...more });
}
