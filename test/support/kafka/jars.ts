/** Fetches the broker's jars once, by Maven, into the project's cache; says what to install when that is impossible. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PACKAGE_ROOT } from '../../../src/core/package-root.ts';

const run = promisify(execFile);
// Found from the root, because the benchmark runs this compiled.
const POM = fileURLToPath(new URL('test/support/kafka/pom.xml', PACKAGE_ROOT));
const CACHE = fileURLToPath(new URL('.cache', PACKAGE_ROOT));
const FETCH_MS_MAX = 180_000;
const JAVA_MIN = 17;

export type Availability = { readonly available: true } | { readonly available: false; readonly install: string };

let known: Promise<Availability> | undefined;

/** Whether a broker can be started here: Java 17 or newer, and Maven unless the jars are already in the cache. */
export function brokerAvailability(): Promise<Availability> {
  known ??= findOut();
  return known;
}

async function findOut(): Promise<Availability> {
  const missing: string[] = [];
  if ((await javaVersion()) < JAVA_MIN) missing.push(`Java ${JAVA_MIN} or newer (openjdk-17-jre-headless)`);
  const fetched = existsSync(folder());
  if (!fetched && !(await answers('mvn', ['-version']))) missing.push('Maven (maven)');
  if (missing.length === 0) return { available: true };
  return { available: false, install: `install ${missing.join(' and ')}, or set KAFKA_BROKERS=host:port` };
}

async function javaVersion(): Promise<number> {
  try {
    const { stdout, stderr } = await run('java', ['-version']);
    return Number(/version "(\d+)/.exec(stderr + stdout)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function answers(command: string, options: string[]): Promise<boolean> {
  try {
    await run(command, options);
    return true;
  } catch {
    return false;
  }
}

function folder(): string {
  const version = /<kafka\.version>(.*)<\/kafka\.version>/.exec(readFileSync(POM, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`no kafka.version in ${POM}`);
  return join(CACHE, `kafka-${version}`);
}

/** @returns the folder with the broker's jars, downloaded when it is not there yet */
export async function brokerJars(): Promise<string> {
  const jars = folder();
  if (existsSync(jars)) return jars;
  await mkdir(CACHE, { recursive: true });
  const unlock = await lock(`${jars}.lock`);
  try {
    if (!existsSync(jars)) await download(jars);
  } finally {
    await unlock();
  }
  return jars;
}

async function download(jars: string): Promise<void> {
  const part = `${jars}.part`;
  await rm(part, { recursive: true, force: true });
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${part}`];
  await run('mvn', ['-q', '-B', '-f', POM, ...goal], { timeout: FETCH_MS_MAX });
  const names = await readdir(part);
  if (!names.some((name) => name.startsWith('kafka_2.13-'))) throw new Error('Maven brought no broker jar');
  await rename(part, jars);
}

/**
 * Two test processes may start brokers at once: one downloads, the other waits. A lock whose owner died is taken over.
 */
async function lock(path: string): Promise<() => Promise<void>> {
  for (const deadline = Date.now() + FETCH_MS_MAX; Date.now() < deadline; await sleep(200)) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      const owner = Number(await readFile(path, 'utf8').catch(() => ''));
      if (owner > 0 && !alive(owner)) await rm(path, { force: true });
    }
  }
  throw new Error(`${path} is held by another process`);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
