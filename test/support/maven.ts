/** Jars for tests, fetched once by Maven into the project's cache; says what to install when that is impossible. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PACKAGE_ROOT } from '../../src/core/package-root.ts';

const run = promisify(execFile);
const CACHE = fileURLToPath(new URL('.cache', PACKAGE_ROOT));
const FETCH_MS_MAX = 180_000;
const JAVA_MIN = 17;

export interface JarSet {
  /** From the root of the project, because the benchmark runs this compiled. */
  readonly pom: string;
  /** The property `<name>.version` of the pom; the folder in the cache is named after it. */
  readonly name: string;
  /** What the name of one of the jars begins with, to see that they came. */
  readonly marker: string;
}

/** @returns what to install before such jars can be had and run here; `[]` when nothing is missing */
export async function missingFor(set: JarSet): Promise<string[]> {
  const missing: string[] = [];
  if ((await javaVersion()) < JAVA_MIN) missing.push(`Java ${JAVA_MIN} or newer (openjdk-17-jre-headless)`);
  const fetched = existsSync(folderOf(set));
  if (!fetched && !(await answers('mvn', ['-version']))) missing.push('Maven (maven)');
  return missing;
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

function folderOf({ pom, name }: JarSet): string {
  const version = new RegExp(`<${name}\\.version>(.*)</${name}\\.version>`).exec(
    readFileSync(pomFile(pom), 'utf8'),
  )?.[1];
  if (version === undefined) throw new Error(`no ${name}.version in ${pom}`);
  return join(CACHE, `${name}-${version}`);
}

const pomFile = (pom: string): string => fileURLToPath(new URL(pom, PACKAGE_ROOT));

/** @returns the folder with the jars, downloaded when it is not there yet */
export async function jarsOf(set: JarSet): Promise<string> {
  const jars = folderOf(set);
  if (existsSync(jars)) return jars;
  await mkdir(CACHE, { recursive: true });
  const unlock = await lock(`${jars}.lock`);
  try {
    if (!existsSync(jars)) await download(set, jars);
  } finally {
    await unlock();
  }
  return jars;
}

async function download({ pom, marker }: JarSet, jars: string): Promise<void> {
  const part = `${jars}.part`;
  await rm(part, { recursive: true, force: true });
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${part}`];
  await run('mvn', ['-q', '-B', '-f', pomFile(pom), ...goal], { timeout: FETCH_MS_MAX });
  const names = await readdir(part);
  if (!names.some((name) => name.startsWith(marker))) throw new Error(`Maven brought no ${marker} jar`);
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
