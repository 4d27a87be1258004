/** A progress line on a terminal: share, rate and time left. Silent anywhere else. */

const DRAW_MS = 200;
const BAR_CHARS = 24;

export interface Progress {
  /** @param done bytes read so far, of `total` (0 when nobody knows) */
  update(done: number, total: number, records: number): void;
  end(): void;
}

export function createProgress(stderr: NodeJS.WriteStream, now: () => number, label = 'records'): Progress {
  if (!stderr.isTTY) return { update: () => undefined, end: () => undefined };
  const startedAt = now();
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    update(done, total, records) {
      const at = now();
      if (at - drawnAt < DRAW_MS) return;
      drawnAt = at;
      stderr.write(`\r\x1b[K${progressLine({ done, total, records, elapsedMs: at - startedAt, label })}`);
    },
    end() {
      stderr.write('\r\x1b[K');
    },
  };
}

export interface ProgressState {
  readonly done: number;
  readonly total: number;
  readonly records: number;
  readonly elapsedMs: number;
  readonly label: string;
}

/** What the line says; pure, so that it can be read in a test. */
export function progressLine({ done, total, records, elapsedMs, label }: ProgressState): string {
  const seconds = Math.max(elapsedMs, 1) / 1000;
  const rate = `${Math.round(records / seconds).toLocaleString('en-US')} ${label}/s`;
  const count = `${records.toLocaleString('en-US')} ${label}`;
  if (total <= 0) return `${count}  ${rate}`;
  const share = Math.min(done / total, 1);
  const filled = Math.round(share * BAR_CHARS);
  const bar = '='.repeat(filled).padEnd(BAR_CHARS, '.');
  const left = share > 0 ? Math.ceil((seconds * (1 - share)) / share) : undefined;
  const rest = left === undefined ? '' : `  ${timeLeft(left)} left`;
  return `[${bar}] ${Math.floor(share * 100)} %  ${count}  ${rate}${rest}`;
}

export function timeLeft(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
