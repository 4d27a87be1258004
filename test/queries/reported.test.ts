/** Questions that reports ask, and whose answers the small world does not hold. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/findings/finding.ts';
import { recordFindings } from '../../src/findings/record.ts';
import { limitedTo } from '../../src/store/limited-store.ts';
import type { Store } from '../../src/store/store.ts';
import { ask, eventRow, insertEvents, insertRows } from '../ask/fixture.ts';
import { finding } from '../deliver/support.ts';
import { temporaryStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
});

const CHAINS = ['00000000-0000-4000-8000-0000000000f1', '00000000-0000-4000-8000-0000000000f2'] as const;
const hash = (text: string): string => Buffer.from(text).toString('hex').padStart(32, '0');

describe('ingest-gaps', () => {
  const gap = (at: string, chain: string, fields: Record<string, string | number> = {}) => ({
    ...{ block_id: '00000000-0000-4000-8000-00000000000d', kind: 'gap', stream: 'kafka:c/topic', stream_partition: 3 },
    ...{
      chain_id: chain,
      chain_index: 1,
      position_from: 10,
      position_to: 30,
      stream_end: 50,
      received: 0,
      dead_letters: 0,
    },
    ...{ event_time_min: '1970-01-01T00:00:00.000Z', event_time_max: '1970-01-01T00:00:00.000Z' },
    ...{ received_at: at, recorded_at: at, ...fields },
  });
  beforeAll(async () => {
    await insertRows(store, 'ledger', [
      gap('2026-11-20T10:00:00.000Z', CHAINS[0]),
      // Another reader of the partition comes to the same gap.
      gap('2026-11-20T11:00:00.000Z', CHAINS[1]),
      gap('2026-11-21T00:00:00.000Z', CHAINS[1], { position_from: 40, position_to: 41 }),
      gap('2026-11-20T10:00:00.000Z', CHAINS[0], { kind: 'block', position_from: 30, position_to: 40, received: 10 }),
    ]);
  });

  const first = {
    ...{ recorded_at: '2026-11-20T10:00:00.000Z', stream: 'kafka:c/topic', stream_partition: 3 },
    ...{ position_from: 10, position_to: 30, positions: 20 },
  };

  it('tells of each gap once, however many readers came to it', async () => {
    expect(await ask(store, 'ingest-gaps')).toEqual([
      first,
      { ...first, recorded_at: '2026-11-21T00:00:00.000Z', position_from: 40, position_to: 41, positions: 1 },
    ]);
  });

  it('is asked for half-open ranges of when gaps were noticed', async () => {
    const range = { from: '2026-11-20T10:00:00Z', to: '2026-11-21T00:00:00Z' };
    expect(await ask(store, 'ingest-gaps', range)).toEqual([first]);
  });
});

describe('late-events', () => {
  const event = (id: string, event_time: string, ingested_at: string) =>
    eventRow({ ...{ event_id: id, content_hash: hash(id), event_time, ingested_at } });
  beforeAll(async () => {
    await insertEvents(store, [
      event('in-time', '2026-11-20T00:00:00.000Z', '2026-11-20T00:00:01.000Z'),
      event('at-the-limit', '2026-11-20T00:00:00.000Z', '2026-11-21T00:00:00.000Z'),
      event('late', '2026-11-20T00:00:00.000Z', '2026-11-21T06:00:00.000Z'),
    ]);
    // A second delivery of what came in time is not late: the first one counts.
    await insertEvents(store, [event('in-time', '2026-11-20T00:00:00.000Z', '2026-11-25T00:00:00.000Z')]);
  });

  it('counts what was stored late as it was stored first', async () => {
    expect(await ask(store, 'late-events')).toMatchObject([
      { source: 'gateway/request', events: 3, late: 1, latest: 30, last_stored: '2026-11-21T06:00:00.000Z' },
    ]);
    expect(await ask(store, 'late-events', { late_hours: 23 })).toMatchObject([{ late: 2 }]);
    expect(await ask(store, 'late-events', { late_hours: 30 })).toEqual([]);
  });
});

describe('findings-overview', () => {
  const at = (time: string) => Date.parse(`${time}Z`);
  const entityOf = (account: string, key: string, address = ''): Finding['entity'] => [
    ['account_id', account],
    ['key_id', key],
    ...(address === '' ? [] : ([['source_ip', address]] as const)),
  ];
  const found = (rule: string, more: Partial<Finding> = {}): Finding =>
    finding(rule, {
      ...{ rule, severity: 'medium', entity: entityOf('a1', 'ci'), summary: `${rule} of key ci.` },
      ...{ firstSeen: at('2026-11-20T00:00'), lastSeen: at('2026-11-20T01:00'), ...more },
    });
  beforeAll(async () => {
    await recordFindings(store, [
      found('grave', { severity: 'critical', entity: entityOf('a1', 'deploy', '203.0.113.7') }),
      found('mild'),
      found('told', { severity: 'informational' }),
      found('old', { firstSeen: at('2026-10-01T00:00'), lastSeen: at('2026-10-02T00:00') }),
      found('elsewhere', { entity: entityOf('a2', 'other') }),
    ]);
  });
  const ids = async (given: Parameters<typeof ask>[2], of: Store = store) =>
    (await ask(of, 'findings-overview', given)).map(({ rule }) => rule);

  it('lists the gravest first, by when their events were, and leaves out what is only told', async () => {
    expect(await ids({})).toEqual(['grave', 'old', 'elsewhere', 'mild']);
    expect(await ids({ from: '2026-10-02', to: '2026-11-20' })).toEqual(['old']);
    expect(await ids({ from: '2026-10-02T00:00:00.001Z', to: '2026-11-20T00:00:00.001Z' })).not.toContain('old');
  });

  it('is about the keys or the addresses that are given, or about all', async () => {
    expect(await ids({ keys: ['other'] })).toEqual(['elsewhere']);
    expect(await ids({ source_ips: ['203.0.113.7'] })).toEqual(['grave']);
    expect(await ids({ keys: ['other'], source_ips: ['203.0.113.7'] })).toEqual(['grave', 'elsewhere']);
  });

  it('tells a reader who is held to an account nothing of others, and no words that might', async () => {
    expect(await ids({}, limitedTo(store, ['a2']))).toEqual(['elsewhere']);
    expect(await ask(limitedTo(store, ['a2']), 'findings-overview')).toMatchObject([{ summary: '' }]);
    expect(await ask(store, 'findings-overview', { keys: ['other'] })).toMatchObject([
      { summary: 'elsewhere of key ci.' },
    ]);
  });
});
