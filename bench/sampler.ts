/** Looks at a tree of processes now and then: its memory, and the processor time that it has used so far. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { busyTicks, type ProcessStat, parseStat, treeOf } from './proc-stat.ts';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const PAGE_BYTES = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
const MB = 1_000_000;
export const SAMPLE_MS = 250;

export interface Sample {
  /** Ms since the sampling began. */
  readonly at: number;
  /** Resident memory of all processes together; pages that they share count once for each. */
  readonly rssMb: number;
  /** That of the process itself, without what it started. */
  readonly ownRssMb: number;
  readonly cpuSeconds: number;
}

export class Sampler {
  readonly samples: Sample[] = [];
  readonly #root: number;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(root: number) {
    this.#root = root;
    this.#timer = setInterval(() => this.look(), SAMPLE_MS);
    this.look();
  }

  look(): void {
    const tree = treeOf(allProcesses(), this.#root);
    if (tree.length === 0) return;
    const megabytes = (pages: number) => (pages * PAGE_BYTES) / MB;
    this.samples.push({
      at: performance.now() - this.#startedAt,
      rssMb: megabytes(tree.reduce((sum, { rssPages }) => sum + rssPages, 0)),
      ownRssMb: megabytes(tree[0]?.rssPages ?? 0),
      cpuSeconds: tree.reduce((sum, one) => sum + one.ticks + one.childTicks, 0) / TICKS_PER_SECOND,
    });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  get peakRssMb(): number {
    return this.samples.reduce((peak, { rssMb }) => Math.max(peak, rssMb), 0);
  }
}

function allProcesses(): ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))];
      } catch {
        // It has ended since the folder was listed.
        return [];
      }
    });
}

/**
 * Processor time of this process's children that have ended, and of all below them: exact, where samples miss the end.
 */
export function endedChildrenCpuSeconds(): number {
  return parseStat(readFileSync('/proc/self/stat', 'latin1')).childTicks / TICKS_PER_SECOND;
}

export function machineBusySeconds(): number {
  return busyTicks(readFileSync('/proc/stat', 'latin1')) / TICKS_PER_SECOND;
}
