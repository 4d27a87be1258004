import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DaemonMetrics } from '../../src/http/metrics.ts';

const PAGE = new URL('../../docs/serve.md', import.meta.url);

test('every figure is documented with its labels, and none that there is not', async () => {
  const rows = (await readFile(PAGE, 'utf8')).matchAll(/^\| `(keytrail_\w+)` \| ([^|]*)\|/gm);
  const documented = [...rows].map(([, name, labels = '']) => [
    name,
    [...labels.matchAll(/`(\w+)`/g)].map(([, l]) => l),
  ]);
  const { registry } = new DaemonMetrics();
  const there = registry
    .getMetricsAsArray()
    .filter(({ name }) => name.startsWith('keytrail_'))
    .map((metric) => [metric.name, (metric as unknown as { labelNames: string[] }).labelNames]);
  expect(documented.sort()).toEqual(there.sort());
});

test('what a pipeline, a detection and a collector say is counted', async () => {
  const metrics = new DaemonMetrics();
  let held = 7;
  const meter = metrics.intakes.meter('kafka', () => held);
  const block = { stream: 'kafka:c/t', partition: 3 };
  meter.stored({ ...block, records: 10, reasons: ['invalid-json', 'invalid-json'], behind: 40 });
  meter.stored({ ...block, records: 5, reasons: [], behind: 2 });
  meter.gap();
  meter.retried();
  meter.inserted('audit_events', 10, 30);
  metrics.watching.looked(
    {
      rules: [
        { rule: 'a', added: 2, reopened: 1, ms: 500 },
        { rule: 'b', added: 0, reopened: 0, ms: 1, error: new Error('x') },
      ],
    },
    700,
  );
  metrics.watching.collected({ accountId: '1', rowsNew: 4, rowsLate: 1, gaps: 0, failures: [{ resource: 'users' }] });
  metrics.watching.sent('chat', 'delivered');
  held = 9;
  const text = await metrics.text([
    { name: 'detections', status: 'running', isOptional: false, sinceMs: 0, restarts: 2, mode: 'standby' },
  ]);
  for (const line of [
    'keytrail_intake_records_total{intake="kafka"} 15',
    'keytrail_intake_dead_letters_total{intake="kafka",reason="invalid-json"} 2',
    'keytrail_intake_blocks_total{intake="kafka"} 2',
    'keytrail_intake_gaps_total{intake="kafka"} 1',
    'keytrail_intake_retries_total{intake="kafka"} 1',
    'keytrail_intake_held_bytes{intake="kafka"} 9',
    'keytrail_intake_lag{intake="kafka",stream="kafka:c/t",partition="3"} 2',
    'keytrail_insert_seconds_count{table="audit_events"} 1',
    'keytrail_detection_cycle_seconds_count 1',
    'keytrail_detection_seconds_total{rule="a"} 0.5',
    'keytrail_detection_failures_total{rule="b"} 1',
    'keytrail_findings_total{rule="a",kind="new"} 2',
    'keytrail_findings_total{rule="a",kind="reopened"} 1',
    'keytrail_deliveries_total{channel="chat",result="delivered"} 1',
    'keytrail_collector_rows_total{account="1"} 4',
    'keytrail_collector_failures_total{account="1",resource="users"} 1',
    'keytrail_part_running{part="detections"} 1',
    'keytrail_part_standby{part="detections"} 1',
    'keytrail_part_restarts{part="detections"} 2',
  ]) {
    expect(text.split('\n'), line).toContain(line);
  }
});
