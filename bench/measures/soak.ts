/** Minutes of intake and readers in which every part of the daemon is restarted, and the engine killed. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateLoad } from '../../examples/load.ts';
import { type Client, tokenFor, withDaemon } from '../daemon.ts';
import { quantile, rounded, slope } from '../figures.ts';
import { loadOptions } from '../load.ts';
import { keytrail } from '../measured-process.ts';
import type { Workspace } from '../workspace.ts';

const RATE = 1_000;
const PUSH_EVENTS = 500;
const PARTS = ['store', 'push', 'access-log', 'detections', 'http', 'engine'] as const;
const PATHS = ['/api/v1/events', '/api/v1/events/facets', '/api/v1/findings', '/api/v1/questions/key-usage/answer'];
const READERS = 4;
const MS_PER_MINUTE = 60_000;

export interface Soak {
  readonly minutes: number;
  readonly pushed: number;
  readonly stored: number;
  readonly lost: number;
  readonly doubled: number;
  readonly repeats: number;
  readonly restarts: Readonly<Record<string, number>>;
  readonly answers: number;
  readonly unanswered: number;
  readonly answerP95Ms: number;
  readonly stopSeconds: number;
  readonly peakRssMb: number;
  readonly rssSlope: number;
}

export async function measureSoak(workspace: Workspace): Promise<Soak> {
  const { steadyMinutes: minutes } = workspace.options;
  const dataDir = workspace.path('soak');
  const admin = await tokenFor(dataDir, '--role', 'admin');
  const pusher = await tokenFor(dataDir, '--role', 'push', '--source', 'gateway/request');
  workspace.say(`${minutes} minutes of intake and readers, with a restart of each part`);
  const run = new SoakRun(admin, pusher, minutes);
  const taken = await withDaemon(dataDir, [], (client) => run.over(client));
  const stopSeconds = rounded((performance.now() - run.endedAt) / 1_000);
  const sql = "SELECT count() AS stored, uniqExact(event_id) AS ids FROM activity WHERE source = 'gateway/request'";
  const asked = await keytrail(['sql', sql, '--format', 'ndjson', '--data-dir', dataDir]);
  const { stored, ids } = JSON.parse(asked.stdout) as { stored: number; ids: number };
  await workspace.remove(dataDir);
  const late = taken.samples.filter(({ at }) => at >= 2 * MS_PER_MINUTE && at <= minutes * MS_PER_MINUTE);
  return {
    ...{ minutes, pushed: run.pushed, stored, lost: run.pushed - ids, doubled: stored - ids, repeats: run.repeats },
    ...{ restarts: run.restarts, answers: run.times.length, unanswered: run.unanswered, stopSeconds },
    answerP95Ms: rounded(quantile(run.times, 0.95), 0),
    peakRssMb: rounded(taken.peakRssMb, 0),
    rssSlope: rounded(slope(late.map(({ at, rssMb }) => ({ x: at / MS_PER_MINUTE, y: rssMb })))),
  };
}

class SoakRun {
  readonly times: number[] = [];
  readonly restarts: Record<string, number> = {};
  pushed = 0;
  repeats = 0;
  unanswered = 0;
  endedAt = 0;
  readonly #admin: string;
  readonly #pusher: string;
  readonly #minutes: number;
  #isOver = false;

  constructor(admin: string, pusher: string, minutes: number) {
    this.#admin = admin;
    this.#pusher = pusher;
    this.#minutes = minutes;
  }

  async over(client: Client): Promise<void> {
    const readers = Array.from({ length: READERS }, (_, at) => this.#read(client, at));
    const restarting = this.#restart(client);
    await this.#push(client);
    this.#isOver = true;
    await Promise.all([...readers, restarting]);
    this.endedAt = performance.now();
  }

  async #push(client: Client): Promise<void> {
    const events = this.#minutes * 60 * RATE;
    const begun = performance.now();
    let lines: string[] = [];
    let rest = '';
    for (const piece of generateLoad(loadOptions(events))) {
      const found = `${rest}${piece.toString('utf8')}`.split('\n');
      rest = found.pop() ?? '';
      lines.push(...found);
      while (lines.length >= PUSH_EVENTS) {
        await this.#deliver(client, lines.slice(0, PUSH_EVENTS));
        lines = lines.slice(PUSH_EVENTS);
        const early = (this.pushed / RATE) * 1_000 - (performance.now() - begun);
        if (early > 0) await sleep(early);
      }
    }
  }

  /** As a client should: the same body again until it is acknowledged. */
  async #deliver(client: Client, lines: readonly string[]): Promise<void> {
    const body = Buffer.from(lines.join('\n'));
    for (;;) {
      const response = await client.push(this.#pusher, body).catch(() => undefined);
      await response?.arrayBuffer().catch(() => undefined);
      if (response?.status === 202) break;
      this.repeats += 1;
      await sleep(500);
    }
    this.pushed += lines.length;
  }

  async #read(client: Client, from: number): Promise<void> {
    for (let at = from; !this.#isOver; at += 1) {
      const begun = performance.now();
      const response = await client.get(PATHS[at % PATHS.length] ?? '', this.#admin).catch(() => undefined);
      const body = await response?.arrayBuffer().catch(() => undefined);
      if (response?.status === 200 && body !== undefined) this.times.push(performance.now() - begun);
      else this.unanswered += 1;
      await sleep(1_000);
    }
  }

  async #restart(client: Client): Promise<void> {
    const everyMs = (this.#minutes * MS_PER_MINUTE) / (PARTS.length + 1);
    for (const part of PARTS) {
      const until = performance.now() + everyMs;
      while (!this.#isOver && performance.now() < until) await sleep(200);
      if (this.#isOver) return;
      const isDone = part === 'engine' ? killEngine(client.pid) : await this.#restartPart(client, part);
      this.restarts[part] = (this.restarts[part] ?? 0) + (isDone ? 1 : 0);
    }
  }

  async #restartPart({ url }: Client, part: string): Promise<boolean> {
    const headers = { authorization: `Bearer ${this.#admin}` };
    const answer = await fetch(`${url}/api/v1/parts/${part}/restart`, { method: 'POST', headers });
    await answer.arrayBuffer();
    return answer.status === 200;
  }
}

/** The daemon's only child is the process of the engine. */
function killEngine(pid: number): boolean {
  const children = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
    .trim()
    .split('\n');
  for (const child of children) process.kill(Number(child), 'SIGKILL');
  return children.length > 0;
}
