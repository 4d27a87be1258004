/** What keytrail writes of itself, for stories in which it is itself what something is found of. */
import { randomUUID } from 'node:crypto';
import { timeParameter } from '../ask/time-range.ts';
import { deliveryRows } from '../core/alerts/delivery-rows.ts';
import { NO_DIGEST } from '../core/dead-letter-row.ts';
import { encodeLedgerRow, LEDGER_COLUMNS } from '../core/ledger-row.ts';
import type { TableRows } from '../core/registry/rows.ts';
import { documentRow, reportDeliveryRows, runRows } from '../core/reports/rows.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import type { At, Story } from './fixture-file.ts';
import { moveCursors } from './pending.ts';

/** All blocks of a story are one chain. */
const CHAIN = '00000000-0000-4000-8000-000000000001';

export async function tellOfItself(store: Store, story: Story): Promise<void> {
  const { blocks, looks, cursors, deliveries, reports, now } = story;
  for (const [index, block] of blocks.entries()) await enterBlock(store, block, index);
  for (const [index, look] of looks.entries()) await enterLook(store, look, index + 1);
  if (deliveries.length > 0) await enterDeliveries(store, deliveries);
  for (const report of reports) await enterReport(store, report);
  for (const { rule, blocks: seen } of cursors) {
    await moveCursors(store, [rule], new Map(), new Map([[CHAIN, seen]]), now);
  }
}

async function enterBlock(store: Store, block: At<Story['blocks'][number]>, index: number): Promise<void> {
  const { pieces, rowDigest } = encodeLedgerRow({
    ...{ blockId: randomUUID(), kind: block.kind, stream: block.stream, partition: block.partition },
    ...{ chainId: CHAIN, chainIndex: index, previousDigest: NO_DIGEST, blockDigest: NO_DIGEST },
    ...{ positionFrom: block.position_from, positionTo: block.position_to, streamEnd: block.stream_end },
    ...{ received: block.received, deadLetters: block.dead_letters, leaves: Buffer.alloc(0) },
    ...{ eventTimeMin: block.at, eventTimeMax: block.at, receivedAt: block.at, recordedAt: block.at },
    ...{ scrubberVersion: 1, fingerprintKeyId: 'fixture' },
  });
  const token = rowDigest.toString('hex');
  await store.insert({ table: 'ledger', columns: LEDGER_COLUMNS, body: pieces, rows: 1, token });
}

async function enterDeliveries(store: Store, deliveries: Story['deliveries']): Promise<void> {
  const { table, columns, bytes, rows } = deliveryRows(
    deliveries.map(({ id, at, channel, result, detail }) => ({
      ...{ message: id, at, channel, result, detail, attempt: result === 'planned' ? 0 : 1 },
      ...{ occasion: 'opened' as const, fingerprint: id, occasionAt: at, members: [] },
    })),
  );
  await store.insert({ table, columns, body: [bytes], rows, token: randomUUID() });
}

/** A report that was made, with what became of sending it, or a run that came to nothing. */
async function enterReport(store: Store, report: Story['reports'][number]): Promise<void> {
  const { id, at, schedule, channel, result, detail } = report;
  const enter = ({ table, columns, bytes, rows }: TableRows): Promise<void> =>
    store.insert({ table, columns, body: [bytes], rows, token: randomUUID() });
  if (result === 'not-made') {
    const row = { schedule, period: id, at, result: 'given-up', attempt: 1, documents: 0, detail } as const;
    return enter(runRows([row]));
  }
  await enter(
    documentRow({
      ...{ documentId: id, reportId: id, schedule, kind: 'fixture', title: '', isProvisional: false, account: '' },
      ...{ owner: '', author: '', summary: '', rows: 0, sectionsFailed: 0, formats: [], recipients: undefined },
      ...{ period: { name: id, fromMs: at, toMs: at, zone: 'UTC' }, messages: [{ message: id, channel }] },
      ...{ document: '{}', storedAt: at },
    }),
  );
  if (result === 'planned') return;
  await enter(reportDeliveryRows([{ message: id, documentId: id, channel, at, result, attempt: 1, detail }]));
}

async function enterLook(store: Store, look: At<Story['looks'][number]>, number: number): Promise<void> {
  const { account_id, resource, kind, failure } = look;
  const parameters = {
    ...{ collector: 'redis-cloud', account_id, resource, number, recorded_at: timeParameter(look.at), kind, failure },
    ...{ position_time: null, requests: 1, rows_new: 0, rows_late: 0, gaps: 0, detail: '', state: '{}' },
    ...{ minute_requests: 1, minute_requests_max: 100 },
  };
  await store.command(statement('collector-record'), { parameters });
}
