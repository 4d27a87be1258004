/** What the demo works on: the bundled examples, written as the files that people have. */
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import {
  exampleNetworks,
  exampleRegistry,
  generateConsoleRecords,
  generateGatewayEvents,
} from '../../examples/generate.ts';
import { UserError } from '../core/errors.ts';
import { PACKAGE_ROOT } from '../core/package-root.ts';

const MARK = 'keytrail-demo.txt';
const SEED = 20261123;

/** The account of the console records, which do not name theirs. */
export const CONSOLE_ACCOUNT_ID = '1001';

export interface ExampleFiles {
  /** What `keytrail ingest` takes. */
  readonly records: readonly string[];
  /** What `keytrail keys import` takes. */
  readonly registry: string;
  /** What `keytrail networks import` takes. */
  readonly networks: string;
}

/** Only a folder that a demo made is ever removed. */
export async function emptyDemoFolder(folder: string): Promise<void> {
  const exists = await stat(folder).catch(() => undefined);
  const marked = await stat(path.join(folder, MARK)).catch(() => undefined);
  if (exists && !marked) {
    throw new UserError('DEMO_FOLDER_TAKEN', `${folder} is there and is no folder of a demo`, {
      expected: 'a folder that does not exist, or one that keytrail demo made',
      next: 'name another with --data-dir; nothing was changed',
    });
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(path.join(folder, MARK), 'Made by keytrail demo; the next demo removes it.\n');
}

/** @param end ms since 1970, when the 90 days end */
export async function writeExamples(folder: string, end: number): Promise<ExampleFiles> {
  const at = (name: string) => path.join(folder, name);
  const ofConsole = generateConsoleRecords(end);
  await writeLines(at('gateway-requests.ndjson'), generateGatewayEvents({ seed: SEED, end }));
  await writeLines(at('session-log.ndjson'), ofConsole.sessions);
  await writeLines(at('system-log.ndjson'), ofConsole.entries);
  await writeFile(at('registry.yaml'), stringify(exampleRegistry(end)), { mode: 0o600 });
  await writeFile(at('networks.yaml'), stringify(exampleNetworks(end)), { mode: 0o600 });
  return {
    records: [at('gateway-requests.ndjson'), at('session-log.ndjson'), at('system-log.ndjson'), cloudTrailSample()],
    registry: at('registry.yaml'),
    networks: at('networks.yaml'),
  };
}

async function writeLines(file: string, records: Iterable<unknown>): Promise<void> {
  const lines = function* () {
    for (const record of records) yield `${JSON.stringify(record)}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(file, { mode: 0o600 }));
}

function cloudTrailSample(): string {
  return fileURLToPath(new URL('examples/data/cloudtrail/stratus-detonation-logs.ndjson', PACKAGE_ROOT));
}
