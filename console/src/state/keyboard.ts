/**
 * The keyboard: one listener, and a list of what the keys do now. Pages add theirs while they are shown, and `?` shows
 * the whole list, so that nothing has to be remembered.
 */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

export interface Binding {
  /** One key as the browser names it, or two in a row: `g k`. `mod+k` is Ctrl or ⌘ with the key. */
  readonly keys: string;
  readonly does: string;
  /** Under which heading it is shown. */
  readonly group: string;
  /** Also while somebody types. */
  readonly isEverywhere?: boolean;
  readonly run: (event: KeyboardEvent) => void;
}

/** Later ones win: a dialog, a page, then the frame. */
export const bindings = signal<readonly Binding[]>([]);

/** How long the second key of two may take. */
const SECOND_KEY_MS = 1_500;

/** @param of may be made anew for each drawing */
export function useKeys(of: readonly Binding[]): void {
  const latest = useRef(of);
  latest.current = of;
  useEffect(() => {
    const mine = of.map(({ keys }, at) => ({
      ...(of[at] as Binding),
      keys,
      run: (event: KeyboardEvent) => latest.current.find((one) => one.keys === keys)?.run(event),
    }));
    bindings.value = [...bindings.value, ...mine];
    return () => {
      bindings.value = bindings.value.filter((one) => !mine.includes(one as (typeof mine)[number]));
    };
  }, [of.map(({ keys }) => keys).join(' ')]);
}

export function listenToKeys(): void {
  let first = '';
  let firstAt = 0;
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || ['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;
    const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
    const key = hasModifier
      ? `${event.ctrlKey || event.metaKey ? 'mod+' : 'alt+'}${event.key.toLowerCase()}`
      : event.key;
    const isTyping = takesText(event.target);
    const both = first !== '' && event.timeStamp - firstAt < SECOND_KEY_MS ? `${first} ${key}` : '';
    const find = (keys: string): Binding | undefined =>
      bindings.value.findLast((one) => one.keys === keys && (one.isEverywhere === true || !isTyping));
    const found = (both === '' ? undefined : find(both)) ?? find(key);
    first = '';
    if (found !== undefined) {
      event.preventDefault();
      found.run(event);
    } else if (!isTyping && !hasModifier && bindings.value.some((one) => one.keys.startsWith(`${key} `))) {
      first = key;
      firstAt = event.timeStamp;
    }
  });
}

function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type);
}
