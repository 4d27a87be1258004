import { expect, test } from 'vitest';
import { type Report, tableOf } from '../../bench/report.ts';

const rate = (name: 'kafkajs' | 'sink', cpuSecondsPerMillion: number) => ({
  ...{ name, cpuSecondsPerMillion, events: 100, eventsPerSecond: 123_456, peakRssMb: 400, othersBusy: 0, repeats: [] },
});

test('the table tells rates with their ratios, and leaves out what was not measured', () => {
  const report: Report = {
    machine: { processors: 2, node: 'v20.20.2', loadAtStart: 0 },
    rates: [rate('kafkajs', 2), rate('sink', 9)],
    start: { helpMs: 120, helpCpuMs: 100, firstQuestionMs: 900, firstQuestionCpuMs: 800 },
  };
  const table = tableOf(report);
  expect(table).toMatch(/e {2}Kafka to a null sink +123,456 +9\.0 +400/);
  expect(table).toContain('e costs 4.5 times what kafkajs alone costs');
  expect(table).toMatch(/keytrail --help +120 ms +< 300/);
  expect(table).not.toContain('steady');
  expect(tableOf({ machine: report.machine, rates: [] })).toBe('');
});
