/** Stories that the tests of detections tell: one key, the usual day of it, and the day before. */
import { type Detection, loadDetections } from '../../src/detect/detections.ts';
import type { Story, StoryEvent } from '../../src/detect/fixture-file.ts';
import { QUERIES } from '../ask/fixture.ts';

export const NOW = Date.parse('2026-11-23T12:00:00Z');
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export const detections = await loadDetections([`${QUERIES}/detections`]);

export function rule(id: string): Detection {
  const found = detections.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no detection ${id}`);
  return found;
}

export const event = (id: string, at: number, more: Partial<StoryEvent> = {}): StoryEvent => ({
  ...{ id, at, stored: undefined, stream: 'fixture', account_id: 'a1', key_id: 'orders', source_ip: '198.51.100.20' },
  ...{ asn: 64_500, as_name: 'Example Net', country: 'NL', latitude: null, longitude: null },
  ...{ principal_kind: 'api-key' as const, action: 'listDatabases', activity: 'read' as const, resource_type: '' },
  ...{ resource_id: '', description: '', user_agent: 'client/1.0', status_code: 200, auth_result: 'success' as const },
  ...{ auth_reason: '' as const, outcome: 'success' as const, raw: '{}' },
  ...more,
});

export const story = (events: readonly StoryEvent[], more: Partial<Story> = {}): Story => ({
  ...{ name: '', now: NOW, registry: undefined, networks: undefined, given: {}, expected: undefined, events },
  ...{ blocks: [], looks: [], cursors: [], deliveries: [], reports: [] },
  ...more,
});
