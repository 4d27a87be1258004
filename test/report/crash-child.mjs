/** Makes and sends what is due, as `report schedule --once` does, in a process that a test kills. Runs what was built. */
import { randomUUID } from 'node:crypto';
import { reportId } from '../../dist/src/core/reports/identity.js';
import { scheduleTimes } from '../../dist/src/core/reports/schedule-times.js';
import { directoryChannel } from '../../dist/src/deliver/directory.js';
import { webhookChannel } from '../../dist/src/deliver/http-channels.js';
import { pauseAt } from '../../dist/src/pipeline/pause-points.js';
import { Scheduler } from '../../dist/src/report/scheduler.js';
import { ReportSender } from '../../dist/src/report/sender.js';
import { openEmbedded } from '../../dist/src/store/embedded/open.js';

const { dataDir, folder, url, pause, now } = JSON.parse(process.argv[2]);
const { store, close } = await openEmbedded({ dataDir, mode: 'in-process' });
const iso = (ms) => new Date(ms).toISOString();
const kind = {
  ...{ id: 'test-kind', file: '', title: 'Test', description: '', period: 'day', parameters: {}, summary: 'one' },
  sections: [],
};

/** Says something else each time: a document that was made twice is noticed. */
const documentOf = ({ period, scope }) => ({
  ...{ version: 1, kind: kind.id, title: 'Test', description: '', previous_period: null, parameters: {} },
  id: reportId({ kind: kind.id, ...period, parameters: {}, account: null, owner: scope.owner ?? null }),
  period: { name: period.name, from: iso(period.fromMs), to: iso(period.toMs), zone: 'UTC', is_provisional: false },
  ...{ scope: { account: null, owner: scope.owner ?? null }, generated_at: iso(now), is_empty: false },
  summary: `${period.name} ${scope.owner ?? ''} made as ${randomUUID()}`,
  coverage: {
    sentence: '',
    data_until: null,
    stored_until: null,
    late_events: 0,
    dead_letters: 0,
    gaps: 0,
    conflicts: 0,
  },
  ...{ sections: [], totals: { sections: 0, sections_failed: 0, rows: 0 } },
});

const press = {
  compose: async (request) => documentOf(request),
  composeForOwners: async function* (request) {
    for (const owner of ['anna', 'bob']) yield documentOf({ ...request, scope: { owner } });
  },
  render: async ({ summary }, format) => [
    { name: `report.${format}`, type: 'text/plain', content: Buffer.from(summary) },
  ],
};
const schedule = (name, isPerOwner) => ({
  ...{ name, isPerOwner, kind, zone: 'UTC', grain: 'day', parameters: {}, account: '', recipients: {} },
  ...{ formats: ['markdown'], channels: ['hook', 'archive'], times: scheduleTimes('daily 07:00', 'UTC') },
});
const checkpoint = pauseAt(pause, () => process.stdout.write('paused\n'));
const schedules = [schedule('all', false), schedule('owners', true)];
const scheduler = new Scheduler({ store, press, schedules, now: () => now, checkpoint });
const sender = new ReportSender({
  ...{ store, press, now: () => now, random: Math.random, checkpoint },
  channels: [
    webhookChannel({
      ...{ name: 'hook', url: new URL(url), key: Buffer.alloc(32, 1), now: Date.now },
      rules: { allowPrivate: true, allowed: [] },
    }),
    directoryChannel('archive', folder),
  ],
  onError: (error) => process.stderr.write(`${error.stack}\n`),
});
process.stdout.write('working\n');
await scheduler.step(() => sender.step());
const left = await sender.flush();
await sender.close();
await close();
process.exitCode = left === 0 ? 0 : 1;
