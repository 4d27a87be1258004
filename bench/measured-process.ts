/** Runs one process to its end and tells what it, and all that it started, took. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { endedChildrenCpuSeconds, machineBusySeconds, type Sample, Sampler } from './sampler.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/keytrail.cjs', import.meta.url));

export interface Taken {
  readonly stdout: string;
  readonly stderr: string;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  readonly samples: readonly Sample[];
  /**
   * Processors that something else kept busy meanwhile, the broker included: above the broker's share, trust only CPU.
   */
  readonly othersBusy: number;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input. */
  readonly input?: Iterable<Buffer>;
  readonly exitCodes?: readonly number[];
  /** Called once the process runs; the run lasts until the process ends by itself. */
  readonly meanwhile?: (child: ChildProcess) => Promise<void>;
}

/** The built program, as people run it. */
export function keytrail(args: readonly string[], options: RunOptions = {}): Promise<Taken> {
  return run([PROGRAM, ...args], options);
}

/** One of the programs of this folder. */
export function part(name: string, args: readonly string[], options: RunOptions = {}): Promise<Taken> {
  return run([partPath(name), ...args], options);
}

export function partPath(name: string): string {
  return fileURLToPath(new URL(`parts/${name}.js`, import.meta.url));
}

/** Variables of the shell must not reach the program that is measured. */
export function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('KEYTRAIL_') && name !== 'NODE_OPTIONS');
  return { ...Object.fromEntries(own), NODE_ENV: 'production', ...extra };
}

/** No other child of this process may end meanwhile: its time would be counted in. */
async function run(args: readonly string[], options: RunOptions): Promise<Taken> {
  const cpuBefore = endedChildrenCpuSeconds();
  const ownBefore = process.cpuUsage();
  const busyBefore = machineBusySeconds();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...args], { env: environment(options.env), stdio: ['pipe', 'pipe', 'pipe'] });
  const stopped = killWithUs(child);
  const sampler = new Sampler(child.pid ?? 0);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = once(child, 'close');
  const fed = feed(child, options.input ?? []);
  const meanwhile = options.meanwhile?.(child);
  // What goes wrong meanwhile is told once the process has ended: until then nobody waits for it.
  meanwhile?.catch(() => undefined);
  const [code, signal] = (await closed) as [number | null, string | null];
  const wallSeconds = (performance.now() - startedAt) / 1_000;
  sampler.stop();
  stopped();
  await fed;
  await meanwhile;
  if (code === null || !(options.exitCodes ?? [0]).includes(code)) {
    throw new Error(`${args.join(' ')} ended with ${code ?? signal}\n${stderr.slice(-4_000)}`);
  }
  const cpuSeconds = endedChildrenCpuSeconds() - cpuBefore;
  const own = process.cpuUsage(ownBefore);
  const others = machineBusySeconds() - busyBefore - cpuSeconds - (own.user + own.system) / 1e6;
  return {
    ...{ stdout, stderr, wallSeconds, cpuSeconds, peakRssMb: sampler.peakRssMb, samples: sampler.samples },
    othersBusy: Math.max(0, others / wallSeconds),
  };
}

async function feed({ stdin }: ChildProcess, input: Iterable<Buffer>): Promise<void> {
  if (stdin === null) return;
  // A program that ends before it has read all says why by its exit code.
  await pipeline(Readable.from(input), stdin).catch(() => undefined);
}

/** Nothing that was started outlives the benchmark. @returns how to forget about the child */
export function killWithUs(child: ChildProcess): () => void {
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return () => process.off('exit', kill);
}
