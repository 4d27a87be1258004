/**
 * Named places between the steps that make a block or a change of the registry durable, and those that rewrite a month.
 * Tests hold the program there and kill it; in normal work they cost one call that does nothing.
 */
export const PAUSE_POINTS = [
  'open-block',
  'after-insert',
  'after-ledger',
  'kafka:before-commit',
  'kafka:in-commit',
  'registry:staged',
  'registry:stored',
  'registry:loaded',
  'registry:committed',
  'renormalise:snapshot',
  'renormalise:copied',
  'renormalise:ready',
  'renormalise:attached',
  'renormalise:dropped',
  'renormalise:swapped',
  'deliver:begun',
  'deliver:decided',
  'deliver:sent',
  'deliver:recorded',
  'report:made',
  'report:stored',
  'report:settled',
  'report:sent',
  'report:recorded',
] as const;
export type PausePoint = (typeof PAUSE_POINTS)[number];
export type Checkpoint = (point: PausePoint) => Promise<void> | void;

export const noCheckpoint: Checkpoint = () => undefined;

/**
 * `open-block` is passed once a record, the others once a block or commit.
 *
 * @param wanted `<point>` or `<point>:<n>` (KEYTRAIL_PAUSE_AT): hold the process for good at the n-th pass
 * @param announce told once when the point is reached; it must have written its line when it returns
 */
export function pauseAt(wanted: string | undefined, announce: (point: string) => void): Checkpoint {
  if (!wanted) return noCheckpoint;
  const separator = wanted.search(/:\d+$/);
  const name = separator < 0 ? wanted : wanted.slice(0, separator);
  let left = separator < 0 ? 1 : Number(wanted.slice(separator + 1));
  return (point) => {
    if (point !== name || --left !== 0) return undefined;
    announce(point);
    // A commit goes on by itself while its caller waits: the kill then falls somewhere inside it.
    if (point === 'kafka:in-commit') return new Promise<void>(() => undefined);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    return undefined;
  };
}
