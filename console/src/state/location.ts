/**
 * The address is the state: what a page shows follows from it alone, and whatever changes what is shown changes it.
 * So back and forward work, two tabs know nothing of each other, and a link shows the same to whoever opens it.
 */
import { computed, signal } from '@preact/signals';

const current = signal(here());

function here(): URL {
  return new URL(window.location.href);
}

export const path = computed(() => current.value.pathname);
/** Changed for what it holds and not for being read: a page that looks at one parameter is not drawn for another. */
export const search = computed(() => current.value.search);

export function query(): URLSearchParams {
  return new URLSearchParams(search.value);
}

export function value(name: string): string {
  return query().get(name) ?? '';
}

export function values(name: string): readonly string[] {
  return query().getAll(name);
}

export type Changes = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The address with some parameters changed; an empty value, or none, takes one away. */
export function changed(changes: Changes, of: URL = current.value): string {
  const next = new URLSearchParams(of.search);
  for (const [name, given] of Object.entries(changes)) {
    next.delete(name);
    for (const one of typeof given === 'string' ? [given] : (given ?? [])) {
      if (one !== '') next.append(name, one);
    }
  }
  const text = next.toString();
  return text === '' ? of.pathname : `${of.pathname}?${text}`;
}

export interface GoOptions {
  /** No step of its own for the back button. */
  readonly isReplacing?: boolean;
}

export function go(href: string, { isReplacing = false }: GoOptions = {}): void {
  const next = new URL(href, window.location.href);
  if (next.href === window.location.href) return;
  const isOtherPage = next.pathname !== current.value.pathname;
  if (isReplacing) window.history.replaceState(null, '', next);
  else window.history.pushState(null, '', next);
  current.value = next;
  if (isOtherPage && !isReplacing) arrive();
}

export function change(changes: Changes, options: GoOptions = {}): void {
  go(changed(changes), options);
}

/** On another page what is read begins at its top, and the keyboard as well. */
function arrive(): void {
  window.scrollTo(0, 0);
  window.requestAnimationFrame(() => document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true }));
}

/** Links of the console itself are followed without loading the page anew; all others are the browser's. */
export function listen(): void {
  window.addEventListener('popstate', () => {
    current.value = here();
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href]');
    if (link === null || link.target !== '' || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== window.location.origin || url.pathname.startsWith('/api/')) return;
    if (link.getAttribute('href')?.startsWith('#') === true) return;
    event.preventDefault();
    go(link.href);
  });
}
