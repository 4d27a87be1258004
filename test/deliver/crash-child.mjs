/** Stores findings and delivers them, as `detect run` does, in a process that a test kills. Runs what was built. */

import { Deliverer } from '../../dist/src/deliver/deliverer.js';
import { webhookChannel } from '../../dist/src/deliver/http-channels.js';
import { recordFindings } from '../../dist/src/findings/record.js';
import { pauseAt } from '../../dist/src/pipeline/pause-points.js';
import { openEmbedded } from '../../dist/src/store/embedded/open.js';

const { dataDir, url, key, pause, findings } = JSON.parse(process.argv[2]);
const { store, close } = await openEmbedded({ dataDir, mode: 'in-process' });
const channel = (name) =>
  webhookChannel({
    ...{ name, url: new URL(url), key: Buffer.from(key, 'base64'), now: Date.now },
    rules: { allowPrivate: true, allowed: [] },
  });
const deliverer = new Deliverer({
  ...{ store, channels: [channel('one'), channel('other')], routes: undefined, now: Date.now, random: Math.random },
  wordsOf: () => undefined,
  onError: (error) => process.stderr.write(`${error.stack}\n`),
  // The receiver answers everything: on a busy machine it is slow, and no run must take that for a failure.
  sendMsMax: 600_000,
  checkpoint: pauseAt(pause, () => process.stdout.write('paused\n')),
});
await deliverer.begin();
await recordFindings(
  store,
  findings.map((one) => ({ ...one, foundAt: Date.now() })),
);
process.stdout.write('stored\n');
const left = await deliverer.flush();
await deliverer.close();
await close();
process.exitCode = left === 0 ? 0 : 1;
