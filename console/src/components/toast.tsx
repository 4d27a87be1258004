/** A word about what was just done. It goes away by itself, and nothing that matters is said by it alone. */
import { signal } from '@preact/signals';

const SHOWN_MS = 4_000;
const shown = signal<readonly { readonly id: number; readonly text: string }[]>([]);
let last = 0;

export function toast(text: string): void {
  const id = ++last;
  shown.value = [...shown.value.slice(-2), { id, text }];
  setTimeout(() => {
    shown.value = shown.value.filter((one) => one.id !== id);
  }, SHOWN_MS);
}

export function Toasts() {
  return (
    <div class="toasts" role="status">
      {shown.value.map(({ id, text }) => (
        <p class="toast" key={id}>
          {text}
        </p>
      ))}
    </div>
  );
}
