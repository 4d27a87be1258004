import { describe, expect, test } from 'vitest';
import type { Part, PartLife } from '../../src/supervisor/part.ts';
import { Supervisor } from '../../src/supervisor/supervisor.ts';

class FakePart implements Part {
  readonly name: string;
  readonly isOptional: boolean;
  readonly log: string[];
  starts = 0;
  life: PartLife | undefined;
  failStarts = 0;
  stopping: () => Promise<void> = async () => undefined;

  constructor(name: string, log: string[], isOptional = false) {
    this.name = name;
    this.log = log;
    this.isOptional = isOptional;
  }

  async start(life: PartLife): Promise<void> {
    this.starts++;
    this.log.push(`${this.name} starts`);
    this.life = life;
    if (this.failStarts-- > 0) throw new Error('cannot begin');
  }

  async stop(): Promise<void> {
    this.log.push(`${this.name} stops`);
    await this.stopping();
  }
}

/** A clock that goes on as far as somebody sleeps. */
function house(names: readonly string[]) {
  const log: string[] = [];
  const parts = names.map((name) => new FakePart(name, log));
  const pauses: number[] = [];
  let at = 1_000_000;
  const supervisor = new Supervisor({
    parts,
    log: { info: () => undefined, warn: () => undefined },
    now: () => at,
    random: () => 1,
    sleep: async (ms) => {
      pauses.push(ms);
      at += ms;
    },
  });
  const wait = (ms: number): void => {
    at += ms;
  };
  return { supervisor, parts, log, pauses, wait };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const part = (parts: readonly FakePart[], at: number): FakePart => parts[at] as FakePart;

describe('a supervisor', () => {
  test('starts parts in their order, and stops them against it', async () => {
    const { supervisor, log } = house(['a', 'b', 'c']);
    expect(supervisor.isReady).toBe(false);
    await supervisor.start();
    expect(supervisor.isReady).toBe(true);
    expect(await supervisor.stop(1_000)).toEqual([]);
    expect(log).toEqual(['a starts', 'b starts', 'c starts', 'c stops', 'b stops', 'a stops']);
    expect(supervisor.states.map(({ status }) => status)).toEqual(['stopped', 'stopped', 'stopped']);
  });

  test('starts a part that failed again, and leaves the others alone', async () => {
    const { supervisor, parts, log } = house(['a', 'b']);
    await supervisor.start();
    part(parts, 0).life?.failed(new Error('broken pipe'));
    // What a part says of a life that is over changes nothing.
    part(parts, 0).life?.failed(new Error('again'));
    await settled();
    expect(log).toEqual(['a starts', 'b starts', 'a stops', 'a starts']);
    expect(supervisor.states).toMatchObject([
      { name: 'a', status: 'running', restarts: 1, failure: 'broken pipe' },
      { name: 'b', status: 'running', restarts: 0 },
    ]);
    await supervisor.stop(1_000);
  });

  test('restarts a part when it is asked to, in order, and none that does not run', async () => {
    const { supervisor, log } = house(['a', 'b']);
    expect(supervisor.restart('a')).toBe(false);
    await supervisor.start();
    expect(supervisor.restart('a')).toBe(true);
    expect(supervisor.restart('a')).toBe(true);
    expect(supervisor.restart('nobody')).toBe(false);
    await settled();
    expect(log).toEqual(['a starts', 'b starts', 'a stops', 'a starts']);
    expect(supervisor.states).toMatchObject([{ name: 'a', status: 'running', restarts: 1 }, { name: 'b' }]);
    await supervisor.stop(1_000);
  });

  test('tells of a running part whether it stands by', async () => {
    const standing: Part = { name: 'a', mode: 'standby', start: async () => undefined, stop: async () => undefined };
    const log = { info: () => undefined, warn: () => undefined };
    const supervisor = new Supervisor({ parts: [standing], log, now: () => 0, sleep: async () => undefined });
    expect(supervisor.states[0]).not.toHaveProperty('mode');
    await supervisor.start();
    expect(supervisor.states).toMatchObject([{ status: 'running', mode: 'standby' }]);
    expect(supervisor.isReady).toBe(true);
    await supervisor.stop(1_000);
  });

  test('waits longer each time while a part fails soon, and not after it has run for a while', async () => {
    const { supervisor, parts, pauses, wait } = house(['a']);
    await supervisor.start();
    part(parts, 0).failStarts = 12;
    part(parts, 0).life?.failed(new Error('x'));
    await settled();
    expect(pauses).toHaveLength(13);
    expect(pauses.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(pauses.at(-1)).toBe(30_000);
    expect(supervisor.states).toMatchObject([{ status: 'running', restarts: 13 }]);
    wait(120_000);
    part(parts, 0).life?.failed(new Error('x'));
    await settled();
    expect(pauses.at(-1)).toBe(500);
    await supervisor.stop(1_000);
  });

  test('ends at its beginning when a part cannot begin', async () => {
    const { supervisor, parts, log } = house(['a', 'b', 'c']);
    part(parts, 1).failStarts = 1;
    await expect(supervisor.start()).rejects.toThrow('cannot begin');
    await supervisor.stop(1_000);
    expect(log).toEqual(['a starts', 'b starts', 'b stops', 'a stops']);
  });

  test('does not wait for ever for a part that does not end, and names it', async () => {
    const { supervisor, parts } = house(['a', 'b']);
    await supervisor.start();
    part(parts, 1).stopping = () => new Promise(() => undefined);
    expect(await supervisor.stop(50)).toEqual(['a', 'b']);
  });

  test('a part that is stopped while it waits for its turn is not started again', async () => {
    const log: string[] = [];
    const only = new FakePart('a', log);
    const supervisor = new Supervisor({
      parts: [only],
      log: { info: () => undefined, warn: () => undefined },
      now: Date.now,
      sleep: (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    });
    await supervisor.start();
    only.life?.failed(new Error('x'));
    await settled();
    expect(supervisor.states).toMatchObject([{ status: 'waiting', failure: 'x' }]);
    expect(await supervisor.stop(1_000)).toEqual([]);
    expect(only.starts).toBe(1);
  });

  test('is ready without a part that it can do without', async () => {
    const log: string[] = [];
    const parts = [new FakePart('a', log), new FakePart('b', log, true)];
    const sleep = (_: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const supervisor = new Supervisor({
      parts,
      log: { info: () => undefined, warn: () => undefined },
      now: Date.now,
      sleep,
    });
    await supervisor.start();
    parts[1]?.life?.failed(new Error('x'));
    await settled();
    expect(supervisor.isReady).toBe(true);
    parts[0]?.life?.failed(new Error('x'));
    await settled();
    expect(supervisor.isReady).toBe(false);
    await supervisor.stop(1_000);
  });
});
