/** `j` and `k` lead through the rows of a page, `o` opens the one that is chosen. */
import { useEffect, useState } from 'preact/hooks';
import { useKeys } from '../state/keyboard.ts';

/** @returns the chosen row; -1 for none */
export function useRowKeys(
  count: number,
  { group, open }: { readonly group: string; readonly open: (at: number) => void },
): number {
  const [selected, setSelected] = useState(-1);
  const at = Math.min(selected, count - 1);
  const to = (next: number): void => setSelected(Math.max(0, Math.min(count - 1, next)));
  useKeys([
    { keys: 'j', does: 'next', group, run: () => to(at + 1) },
    { keys: 'k', does: 'the one before', group, run: () => to(at - 1) },
    { keys: 'o', does: 'open it', group, run: () => at >= 0 && open(at) },
  ]);
  useEffect(() => {
    if (at < 0) return;
    document
      .querySelector('main [aria-current=true], main tr[aria-selected=true]')
      ?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return at;
}
