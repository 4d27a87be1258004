/** Reads the bundled network data and looks addresses up. Prints what that took. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { NetworkColumns } from '../../src/core/network.ts';
import { openNetworks } from '../../src/enrich/open-networks.ts';
import { rounded } from '../figures.ts';

const ADDRESSES = 200_000;
const FEW = 2_000;
const ROUNDS = 5;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function heldMb(): Promise<number> {
  collect();
  // Buffers are freed a turn later than what held them.
  await new Promise(setImmediate);
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

function millisecondsOf(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

const addresses = Array.from(
  { length: ADDRESSES },
  (_, n) => `${1 + (n % 220)}.${(n * 7_919) & 255}.${((n * 104_729) >>> 3) & 255}.${(n * 31) & 255}`,
);
const before = await heldMb();
const networks = await openNetworks({ enabled: true, asnFile: undefined, cityFile: undefined }, () => undefined);
const readIpv4Ms = millisecondsOf(() => networks.networkOf('8.8.8.8'));
const readIpv6Ms = millisecondsOf(() => networks.networkOf('2606:4700::1111'));
const memoryMb = (await heldMb()) - before;

let lookUpNs = Number.POSITIVE_INFINITY;
let rememberedNs = Number.POSITIVE_INFINITY;
const columns = new NetworkColumns(networks);
let chars = 0;
// The best of several rounds: what the processor does meanwhile for others is no cost of a look-up.
for (let round = 0; round < ROUNDS; round += 1) {
  const all = millisecondsOf(() => {
    for (const ip of addresses) chars += networks.networkOf(ip).country.length;
  });
  lookUpNs = Math.min(lookUpNs, (all / ADDRESSES) * 1e6);
  const few = addresses.slice(0, FEW);
  const again = millisecondsOf(() => {
    for (let n = 0; n < ADDRESSES / FEW; n += 1) for (const ip of few) chars += columns.of(ip).length;
  });
  rememberedNs = Math.min(rememberedNs, (again / ADDRESSES) * 1e6);
}
if (chars === 0) throw new Error('nothing was found');
const figures = {
  readIpv4Ms: rounded(readIpv4Ms, 0),
  readIpv6Ms: rounded(readIpv6Ms, 0),
  memoryMb: rounded(memoryMb),
  lookUpNs: rounded(lookUpNs, 0),
  rememberedNs: rounded(rememberedNs, 0),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
