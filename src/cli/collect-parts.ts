/** What every collector of this program is made of, whichever API it asks: store, registry, clock and chance. */
import type { CollectRun } from '../collect/collect.ts';
import { recordReading } from '../registry/import.ts';
import { pause, withRetry } from '../store/retry.ts';
import type { CliContext, OpenedStore } from './context.ts';
import { importOptions } from './registry-import.ts';

type Parts = Pick<CollectRun, 'store' | 'retry' | 'learn' | 'storeKeyHex' | 'now' | 'random' | 'sleep' | 'signal'>;

interface Signals {
  /** Ends collecting, in order; absent: it ends by itself. */
  readonly stop: AbortSignal | undefined;
  /** Ends what waits for the store. */
  readonly over: AbortSignal;
}

export async function collectParts(opened: OpenedStore, context: CliContext, { stop, over }: Signals): Promise<Parts> {
  const registry = await importOptions(opened, context, false, undefined);
  return {
    store: opened.store,
    retry: (call) => withRetry(call, { signal: over }),
    learn: async (file, placeOf, origin) => (await recordReading(file, placeOf, origin, registry)).warnings,
    storeKeyHex: (await opened.storeKey()).toString('hex'),
    ...{ now: context.now, random: Math.random },
    sleep: (ms) => pause(ms, stop),
    ...(stop === undefined ? {} : { signal: stop }),
  };
}
