/** What `doctor` looks at outside the store: the program, its variables, the disk, the data directory. */
import { lstat, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { type Finding, fail, look, ok, warn } from './finding.ts';

export interface MachineFacts {
  /** As package.json has them. */
  readonly version: string;
  readonly nodeRange: string;
  readonly nodeVersion: string;
  /** Versions of the packages that reach the store. */
  readonly packages: Readonly<Record<string, string>>;
  /** Variables that begin with KEYTRAIL_ and mean nothing. */
  readonly unknownVariables: readonly string[];
  /** Absent when the store is a server. */
  readonly dataDir: string | undefined;
  readonly diskFreeBytesMin: number;
}

const PRIVATE_MODE = 0o077;

export async function lookAtMachine(facts: MachineFacts): Promise<Finding[]> {
  const { dataDir } = facts;
  const findings = [ok('keytrail', facts.version), nodeFinding(facts), ...packageFindings(facts), variables(facts)];
  if (dataDir === undefined) return findings;
  return [
    ...findings,
    ...(await look('data directory', () => dataDirectory(dataDir))),
    ...(await look('disk', () => disk(dataDir, facts.diskFreeBytesMin))),
  ];
}

function nodeFinding({ nodeVersion, nodeRange }: MachineFacts): Finding {
  const least = nodeRange.replace(/^>=\s*/, '');
  if (isAtLeast(nodeVersion, least)) return ok('node', nodeVersion);
  return fail('node', `${nodeVersion}, which is older than ${least}`, `use Node.js ${least} or newer`);
}

export function isAtLeast(version: string, least: string): boolean {
  const numbers = (text: string) => text.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const have = numbers(version);
  const need = numbers(least);
  for (let at = 0; at < 3; at++) {
    const difference = (have[at] ?? 0) - (need[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function packageFindings({ packages }: MachineFacts): Finding[] {
  return Object.entries(packages).map(([name, version]) =>
    version === '' ? fail(name, 'not installed', 'npm ci') : ok(name, version),
  );
}

function variables({ unknownVariables }: MachineFacts): Finding {
  if (unknownVariables.length === 0) return ok('variables', 'every KEYTRAIL_ variable is known');
  return warn(
    'variables',
    `not known: ${unknownVariables.join(', ')}`,
    'correct or unset them; docs/configuration.md lists every variable',
  );
}

async function dataDirectory(dataDir: string): Promise<Finding[]> {
  const found = await stat(dataDir).catch(() => undefined);
  if (found === undefined) return [warn('data directory', `${dataDir} is not there yet`, 'keytrail ingest makes it')];
  if (!found.isDirectory())
    return [fail('data directory', `${dataDir} is no directory`, 'name another with --data-dir')];
  return [privacy('data directory', dataDir, found), ...(await storeKeyFile(path.join(dataDir, 'store.key')))];
}

async function storeKeyFile(file: string): Promise<Finding[]> {
  const found = await lstat(file).catch(() => undefined);
  return found === undefined ? [] : [privacy('store key file', file, found)];
}

/** Audit records are for this user alone, and so is the key that their identities are made with. */
function privacy(check: string, file: string, { mode, uid }: { mode: number; uid: number }): Finding {
  const permissions = (mode & 0o777).toString(8).padStart(3, '0');
  const own = process.getuid?.();
  if (own !== undefined && uid !== own) {
    return warn(check, `${file} belongs to user ${uid}, and this is user ${own}`, `run keytrail as user ${uid}`);
  }
  if ((mode & PRIVATE_MODE) === 0) return ok(check, `${file}, mode ${permissions}`);
  return warn(check, `${file} is open to others: mode ${permissions}`, `chmod go= ${file}`);
}

async function disk(dataDir: string, freeBytesMin: number): Promise<Finding> {
  const folder = await nearestFolder(dataDir);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${mebibytes(free)} free on the disk of ${folder}, at least ${mebibytes(freeBytesMin)} wanted`;
  if (free >= freeBytesMin) return ok('disk', found);
  return fail('disk', found, 'free space, drop old months with keytrail retention, or lower disk.free_bytes_min');
}

/** The folder itself, or the nearest one above it that is there. */
async function nearestFolder(folder: string): Promise<string> {
  const there = await stat(folder).then(
    () => true,
    () => false,
  );
  return there || path.dirname(folder) === folder ? folder : nearestFolder(path.dirname(folder));
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 1_048_576)} MiB`;
}
