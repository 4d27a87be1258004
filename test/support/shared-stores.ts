/** Stores that many tests begin with: each made once in a run, when a test asks first, to be copied, never opened. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEmbedded } from '../../src/store/embedded/open.ts';
import { migrate } from '../../src/store/migrations.ts';
import { runKeytrail } from './keytrail.ts';

/** When the demo ends that is compared with what was kept of it. */
export const DEMO_END = '2026-11-01T00:00:00.000Z';

const MAKERS = {
  /** Migrated, and nothing in it. */
  migrated: async (folder: string) => {
    const { store, close } = await openEmbedded({ dataDir: folder, mode: 'child' });
    try {
      await migrate(store);
    } finally {
      await close();
    }
  },
  /** The demo, which ends now. */
  demo: (folder: string) => demo(folder),
  'demo-of-october': (folder: string) => demo(folder, '--end', DEMO_END),
} as const;
export type SharedStore = keyof typeof MAKERS;

async function demo(folder: string, ...flags: string[]): Promise<void> {
  const { code, stderr } = await runKeytrail(['demo', ...flags, '--data-dir', folder]);
  if (code !== 0) throw new Error(`the demo ended with ${code}: ${stderr}`);
}

export class SharedStores {
  readonly #made = new Map<string, Promise<string>>();

  /** @returns a folder */
  async folder(name: string): Promise<string> {
    if (!isShared(name)) throw new Error(`no store is called ${name}`);
    const made = this.#made.get(name) ?? this.#make(name);
    this.#made.set(name, made);
    return made;
  }

  async close(): Promise<void> {
    for (const made of this.#made.values()) {
      const folder = await made.catch(() => undefined);
      if (folder !== undefined) await rm(path.dirname(folder), { recursive: true, force: true });
    }
  }

  async #make(name: SharedStore): Promise<string> {
    const folder = path.join(await mkdtemp(path.join(tmpdir(), 'keytrail-shared-')), 'store');
    await MAKERS[name](folder);
    return folder;
  }
}

const isShared = (name: string): name is SharedStore => Object.hasOwn(MAKERS, name);
