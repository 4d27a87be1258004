/**
 * Named places between the steps that make a block durable. Tests stop the program there and kill it; in normal work
 * they cost one call that does nothing.
 */
export const PAUSE_POINTS = ['open-block', 'after-insert', 'after-ledger', 'before-commit'] as const;
export type PausePoint = (typeof PAUSE_POINTS)[number];
export type Checkpoint = (point: PausePoint) => Promise<void> | void;

export const noCheckpoint: Checkpoint = () => undefined;

/**
 * @param wanted `<point>` or `<point>:<n>`: hold for good at the n-th pass (KEYTRAIL_PAUSE_AT)
 * @param announce told once when the point is reached
 */
export function pauseAt(wanted: string | undefined, announce: (point: string) => void): Checkpoint {
  if (!wanted) return noCheckpoint;
  const [name, pass = '1'] = wanted.split(':');
  let left = Number(pass);
  return (point) => {
    if (point !== name || --left !== 0) return undefined;
    announce(point);
    return new Promise<void>(() => undefined);
  };
}
