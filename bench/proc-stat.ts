/** What Linux tells of processes in /proc, read from text. */

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Own user and system time, in ticks of the clock. */
  readonly ticks: number;
  /** The same of children that have ended and were waited for, and of theirs. */
  readonly childTicks: number;
  readonly rssPages: number;
}

/** One line of /proc/<pid>/stat. The name in parentheses may hold anything, parentheses too. */
export function parseStat(line: string): ProcessStat {
  const open = line.indexOf('(');
  const close = line.lastIndexOf(')');
  // The field after the name is the third one of the manual page.
  const fields = line.slice(close + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3] ?? Number.NaN);
  return {
    pid: Number(line.slice(0, open).trim()),
    parent: field(4),
    ticks: field(14) + field(15),
    childTicks: field(16) + field(17),
    rssPages: field(24),
  };
}

/** The process and everything below it. */
export function treeOf(all: readonly ProcessStat[], root: number): ProcessStat[] {
  const tree = all.filter(({ pid }) => pid === root);
  for (let at = 0; at < tree.length; at += 1) {
    tree.push(...all.filter(({ parent }) => parent === tree[at]?.pid));
  }
  return tree;
}

/**
 * Ticks in which the machine did something, out of the first line of /proc/stat: all but idle and waiting for disks.
 */
export function busyTicks(text: string): number {
  const line = text.split('\n').find((one) => one.startsWith('cpu ')) ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return user + nice + system + irq + softirq + steal;
}
