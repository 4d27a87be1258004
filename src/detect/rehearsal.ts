/**
 * Tells stories to a store that is there for nothing else, and asks a detection what it finds in each: the same tables,
 * the same ledger and the same engine as in earnest.
 */
import { createHash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ExpectedFinding } from '../../schemas/detection-fixtures.ts';
import { SOURCES } from '../../schemas/sources/index.ts';
import { BlockBuilder } from '../core/block.ts';
import { NO_DIGEST } from '../core/dead-letter-row.ts';
import { invariant } from '../core/errors.ts';
import type { Finding } from '../core/findings/finding.ts';
import { type Network, NetworkColumns } from '../core/network.ts';
import { ChunkPool } from '../core/row-buffer.ts';
import { ledgerInsert } from '../pipeline/enter-block.ts';
import { noCheckpoint } from '../pipeline/pause-points.ts';
import { storeBlock } from '../pipeline/store-block.ts';
import { importNetworks, importRegistry } from '../registry/import.ts';
import { reloadRegistry } from '../store/dictionaries.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import type { Detection } from './detections.ts';
import { DetectionEngine } from './engine.ts';
import type { Story, StoryEvent } from './fixture-file.ts';
import { tellOfItself } from './tell-of-itself.ts';

export interface Rehearsed {
  readonly story: string;
  readonly found: readonly ExpectedFinding[];
  /** Absent when it was as expected. */
  readonly expected?: readonly ExpectedFinding[] | 'a finding';
}

/** What a story leaves behind; the next one begins without. */
const TOLD_TABLES = [
  ...['audit_events', 'ledger', 'collector_log', 'key_places', 'key_manners', 'key_hours', 'event_ids'],
  ...['findings', 'finding_evidence', 'finding_actions', 'detection_cursors', 'knowledge_places', 'suppressions'],
  ...['deliveries', 'report_documents', 'report_deliveries', 'report_runs'],
];
const REGISTRY_TABLES = [
  ...['registry_imports', 'registry_accounts', 'registry_users', 'registry_keys', 'registry_networks', 'app_rules'],
];

/** @param store holds nothing that anybody needs: everything in it is dropped */
export async function rehearse(store: Store, detection: Detection, story: Story): Promise<Rehearsed> {
  await forget(store);
  await tell(store, story);
  const given = { [detection.id]: story.given };
  const engine = new DetectionEngine({ store, detections: [detection], given, now: () => story.now });
  const { rules, found } = await engine.cycle();
  const failed = rules.find(({ error }) => error !== undefined);
  if (failed !== undefined) throw failed.error;
  return judged(story, found);
}

function judged({ name, expected }: Story, findings: readonly Finding[]): Rehearsed {
  const found = findings
    .map(({ severity, entity, events, eventIds }) => ({
      severity,
      entity: Object.fromEntries(entity),
      events,
      event_ids: [...eventIds],
    }))
    .toSorted((one, other) => (JSON.stringify(one.entity) < JSON.stringify(other.entity) ? -1 : 1));
  if (expected === undefined) return { story: name, found, ...(found.length > 0 ? {} : { expected: 'a finding' }) };
  return { story: name, found, ...(isDeepStrictEqual(found, expected) ? {} : { expected }) };
}

export async function forget(store: Store): Promise<void> {
  await Promise.all(TOLD_TABLES.map((table) => empty(store, table)));
  const [registry] = await store.rows<{ changes: number }>(statement('registry-changes'));
  if (registry?.changes === 0) return;
  await Promise.all(REGISTRY_TABLES.map((table) => empty(store, table)));
  await reloadRegistry(store);
}

const empty = (store: Store, table: string): Promise<void> =>
  store.command(statement('truncate-table'), { parameters: { table } });

export async function tell(store: Store, story: Story): Promise<void> {
  const { now, registry, networks, events } = story;
  const options = { store, now: () => now, dryRun: false, checkpoint: noCheckpoint };
  const placeOf = (path: readonly (string | number)[]) => path.join('.');
  if (registry !== undefined) await importRegistry(registry, placeOf, options);
  if (networks !== undefined) await importNetworks(networks, placeOf, options);
  if (events.length > 0) await storeEvents(store, events);
  await tellOfItself(store, story);
}

/** One block for each moment of storing and stream. Events that do not name theirs are stored with the last of them. */
async function storeEvents(store: Store, events: readonly StoryEvent[]): Promise<void> {
  const last = Math.max(...events.map(({ at }) => at));
  const blocks = new Map<string, Arrival & { readonly some: StoryEvent[] }>();
  for (const event of events) {
    const [stored, stream] = [event.stored ?? last, event.stream];
    const block = blocks.get(`${stored} ${stream}`);
    if (block === undefined) blocks.set(`${stored} ${stream}`, { stored, stream, some: [event] });
    else block.some.push(event);
  }
  const networks = new NetworkColumns({ edition: 'fixture', networkOf: (address) => networkOf(events, address) });
  for (const { stored, stream, some } of [...blocks.values()].sort((one, other) => one.stored - other.stored)) {
    await storeOne(store, { stored, stream }, some, networks);
  }
}

function networkOf(events: readonly StoryEvent[], address: string): Network {
  const event = events.find(({ source_ip }) => source_ip === address);
  invariant(event !== undefined, 'only addresses of the story are looked up');
  const { asn, as_name, country, latitude, longitude } = event;
  return { asn, asName: as_name, country, city: '', latitude, longitude };
}

const pool = new ChunkPool();

interface Arrival {
  readonly stored: number;
  readonly stream: string;
}

async function storeOne(
  store: Store,
  { stored, stream }: Arrival,
  events: readonly StoryEvent[],
  networks: NetworkColumns,
) {
  const blockId = randomUUID();
  const stamp = {
    ...{
      blockId,
      ingestedAt: stored,
      stream,
      partition: 0,
      scrubberVersion: 1,
      fingerprintKeyId: 'fixture',
    },
    // Records of two stories may have the same bytes at the same positions, and are no repeat.
    tokenScope: blockId,
  };
  const block = new BlockBuilder(stamp, pool, networks);
  for (const [index, event] of events.entries()) block.add(readEvent(event), index, 0, event.raw.length);
  await storeBlock({ insert: (insert) => store.insert(insert), pool }, block);
  const entered = {
    positionFrom: 0,
    positionTo: events.length,
    streamEnd: events.length,
    refused: 0,
    recordedAt: stored,
  };
  const place = { chainId: randomUUID(), chainIndex: 0, previousDigest: NO_DIGEST };
  const { insert } = ledgerInsert({ kind: 'block', stamp, block, ...entered }, place);
  await store.insert(insert);
  block.release();
}

function readEvent(event: StoryEvent) {
  const source = SOURCES.find(({ name }) => name === 'gateway/request');
  invariant(source !== undefined, 'the source of request events is there');
  const eventId = event.event_id ?? event.id;
  const digest = createHash('sha256')
    .update(JSON.stringify([event.id, event.raw]))
    .digest();
  return {
    kind: 'event' as const,
    source,
    fields: {
      ...{ accountId: event.account_id, eventId, eventTime: event.at, keyId: event.key_id },
      ...{ principalKind: event.principal_kind, principalName: '', principalEmail: '' },
      ...{ action: event.action, activity: event.activity, description: event.description },
      ...{ resourceType: event.resource_type, resourceId: event.resource_id, resourceName: '' },
      ...{ requestId: event.id, sourceIp: event.source_ip, sourceHost: '', httpMethod: 'GET', urlPath: '/' },
      ...{ statusCode: event.status_code, userAgent: event.user_agent, outcome: event.outcome, errorCode: '' },
      ...{ authResult: event.auth_result, authReason: event.auth_reason },
    },
    accountId: event.account_id,
    eventId,
    contentHash: digest.subarray(0, 16).toString('latin1'),
    raw: event.raw,
    ascii: false,
  };
}
