/** Puts text where somebody can paste it. */
import { toast } from './toast.tsx';

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without TLS a browser gives no clipboard to a page of another machine; the old way still works.
    copyBySelection(text);
  }
  toast(`${what} copied`);
}

function copyBySelection(text: string): void {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
