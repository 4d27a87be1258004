/** A selection that moves as fast as keys come: one that is held comes more often than a long list can be drawn. */
import { useEffect, useRef } from 'preact/hooks';

export interface Steps {
  /** The row to which all keys so far lead; -1 for none. It may be drawn in the next frame only. */
  readonly at: () => number;
  readonly to: (at: number) => void;
}

/** @param onSelect called once a frame, with the row to which all keys of the frame lead */
export function useSteps(selected: number, onSelect: (at: number) => void): Steps {
  const wanted = useRef(selected);
  const frame = useRef(0);
  const latest = useRef(onSelect);
  latest.current = onSelect;
  const before = useRef(selected);
  if (frame.current === 0) wanted.current = selected;
  // Rows that came above moved the selected one, and as far the one to which the keys of this frame lead.
  else if (before.current >= 0 && selected >= 0) wanted.current += selected - before.current;
  before.current = selected;
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  return {
    at: () => wanted.current,
    to: (at) => {
      wanted.current = at;
      if (frame.current !== 0) return;
      frame.current = requestAnimationFrame(() => {
        frame.current = 0;
        latest.current(wanted.current);
      });
    },
  };
}
