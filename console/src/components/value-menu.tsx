/** The menu of a handle. There is one for all of them: whatever has a field and a value can be asked for it. */
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { addFilter } from '../state/filters.ts';
import { go } from '../state/location.ts';
import { copy } from './copy.ts';
import { canFilter, fieldName } from './entities.ts';

interface Held {
  readonly field: string;
  readonly value: string;
  readonly href: string | null;
  readonly element: HTMLElement;
}

const menu = signal<Held | undefined>(undefined);
const hovered = signal<Held | undefined>(undefined);

function heldAt(target: EventTarget | null): Held | undefined {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-field]') : null;
  if (element === null) return undefined;
  const { field = '', value = '' } = element.dataset;
  return { field, value, href: element.getAttribute('href'), element };
}

/** The value that the keyboard is on, if it is on one. */
export function focusedValue(): Held | undefined {
  return heldAt(document.activeElement);
}

export function openValueMenu(held: Held | undefined = focusedValue()): void {
  menu.value = held;
}

export function listenToHandles(): void {
  document.addEventListener('click', (event) => {
    const held = event.altKey ? heldAt(event.target) : undefined;
    if (held === undefined || !canFilter(held.field, held.value)) return;
    event.preventDefault();
    addFilter(event.shiftKey ? 'exclude' : 'only', held.field, held.value);
  });
  document.addEventListener('contextmenu', (event) => {
    const held = heldAt(event.target);
    if (held === undefined) return;
    event.preventDefault();
    menu.value = held;
  });
  document.addEventListener('pointerover', (event) => {
    if (event.pointerType === 'touch' || (event.target as Element).closest('.handle-more') !== null) return;
    const held = heldAt(event.target);
    if (held?.element !== hovered.value?.element) hovered.value = held;
  });
  window.addEventListener('scroll', () => (hovered.value = undefined), { capture: true, passive: true });
}

export function ValueMenu() {
  return (
    <>
      <More />
      {menu.value !== undefined && <Menu key={menu.value.value} held={menu.value} />}
    </>
  );
}

/** For the mouse: the keyboard has `m` and its own key for menus. */
function More() {
  const held = hovered.value;
  if (held === undefined || menu.value !== undefined || !held.element.isConnected) return null;
  const { right, top, height } = held.element.getBoundingClientRect();
  const left = Math.min(right + 1, window.innerWidth - 22);
  return (
    <button
      type="button"
      class="handle-more"
      tabIndex={-1}
      aria-hidden="true"
      style={{ left: `${left}px`, top: `${top + height / 2 - 10}px` }}
      onClick={() => {
        menu.value = held;
      }}
    >
      ▾
    </button>
  );
}

function Menu({ held }: { readonly held: Held }) {
  const box = useRef<HTMLDivElement>(null);
  const { field, value, href, element } = held;
  const close = (): void => {
    menu.value = undefined;
    if (element.isConnected) element.focus({ preventScroll: true });
  };
  useLayoutEffect(() => {
    place(box.current, element);
    box.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    const away = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) menu.value = undefined;
    };
    document.addEventListener('pointerdown', away);
    window.addEventListener('resize', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      window.removeEventListener('resize', away);
    };
  }, []);
  const filters = canFilter(field, value);
  const items: readonly (readonly [string, string, () => void])[] = [
    ...(href === null ? [] : ([['Open', '', () => go(href)]] as const)),
    ...(filters
      ? ([
          ['Only these', 'Alt-click', () => addFilter('only', field, value)],
          ['Without these', 'Alt-⇧-click', () => addFilter('exclude', field, value)],
        ] as const)
      : []),
    ['Copy', '', () => void copy(value, fieldName(field))],
  ];
  return (
    <div
      class="menu"
      role="menu"
      tabIndex={-1}
      aria-label={`${fieldName(field)} ${value.slice(0, 100)}`}
      ref={box}
      onKeyDown={(event) => steer(event, box.current, close)}
    >
      <p class="foreign" aria-hidden="true">
        {fieldName(field)}: {value.slice(0, 200)}
      </p>
      {items.map(([name, hint, run]) => (
        <button
          key={name}
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => {
            close();
            run();
          }}
        >
          <span>{name}</span>
          <span class="muted small" aria-hidden="true">
            {hint}
          </span>
        </button>
      ))}
    </div>
  );
}

function place(box: HTMLElement | null, element: HTMLElement): void {
  if (box === null) return;
  const around = element.getBoundingClientRect();
  const own = box.getBoundingClientRect();
  const below = around.bottom + 4;
  const top = below + own.height > window.innerHeight ? Math.max(4, around.top - own.height - 4) : below;
  box.style.top = `${top}px`;
  box.style.left = `${Math.max(4, Math.min(around.left, window.innerWidth - own.width - 8))}px`;
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

/** The keys of a menu, as everywhere. */
function steer(event: KeyboardEvent, box: HTMLElement | null, close: () => void): void {
  const items = [...(box?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const step = STEPS[event.key];
  if (event.key === 'Escape' || event.key === 'Tab') close();
  else if (step !== undefined) items.at((at + step) % items.length)?.focus();
  else if (event.key === 'Home') items[0]?.focus();
  else if (event.key === 'End') items.at(-1)?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
