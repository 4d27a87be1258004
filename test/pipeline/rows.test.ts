import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACTIVITIES,
  AUTH_REASONS,
  AUTH_RESULTS,
  type EventFields,
  OUTCOMES,
  PRINCIPAL_KINDS,
} from '../../schemas/audit-event.ts';
import { REJECTION_REASONS } from '../../schemas/rejection.ts';
import { DEAD_LETTER_COLUMNS, NO_DIGEST, writeDeadLetter } from '../../src/core/dead-letter-row.ts';
import { EVENT_COLUMNS, type EventRow, EventRowEncoder, isAsciiText, readEventRow } from '../../src/core/event-row.ts';
import { encodeLedgerRow, LEDGER_COLUMNS } from '../../src/core/ledger-row.ts';
import { type Network, NetworkColumns, NO_NETWORK } from '../../src/core/network.ts';
import { ChunkPool, RowBuffer } from '../../src/core/row-buffer.ts';
import { temporaryStore } from '../support/store.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
  fc.constantFrom('', 'a\u0000b', '\u202eevil', 'x'.repeat(127), 'x'.repeat(128), 'Zoë'),
);
const address = fc.oneof(fc.ipV4(), fc.constantFrom('', '2001:db8::1', 'fe80::1', '203.0.113.7', '::1'));

const fields: fc.Arbitrary<EventFields> = fc.record({
  accountId: text,
  eventId: text,
  eventTime: fc.integer({ min: 1_790_000_000_000, max: 1_791_000_000_000 }),
  keyId: text,
  principalKind: fc.constantFrom(...PRINCIPAL_KINDS),
  principalName: text,
  principalEmail: text,
  action: text,
  activity: fc.constantFrom(...ACTIVITIES),
  resourceType: text,
  resourceId: text,
  resourceName: text,
  description: text,
  requestId: text,
  sourceIp: address,
  sourceHost: text,
  httpMethod: text,
  urlPath: text,
  statusCode: fc.integer({ min: 0, max: 65_535 }),
  userAgent: text,
  authResult: fc.constantFrom(...AUTH_RESULTS),
  authReason: fc.constantFrom(...AUTH_REASONS),
  outcome: fc.constantFrom(...OUTCOMES),
  errorCode: text,
});

const COLUMN_OF: Readonly<Record<keyof EventFields, string>> = {
  accountId: 'account_id',
  eventId: 'event_id',
  eventTime: 'toUnixTimestamp64Milli(event_time)',
  keyId: 'key_id',
  principalKind: 'principal_kind',
  principalName: 'principal_name',
  principalEmail: 'principal_email',
  action: 'action',
  activity: 'activity',
  resourceType: 'resource_type',
  resourceId: 'resource_id',
  resourceName: 'resource_name',
  description: 'description',
  requestId: 'request_id',
  sourceIp: "if(source_ip = toIPv6('::'), '', replaceOne(toString(source_ip), '::ffff:', ''))",
  sourceHost: 'source_host',
  httpMethod: 'http_method',
  urlPath: 'url_path',
  statusCode: 'status_code',
  userAgent: 'user_agent',
  authResult: 'auth_result',
  authReason: 'auth_reason',
  outcome: 'outcome',
  errorCode: 'error_code',
};

function rowOf(one: EventFields, position: number): EventRow {
  const ascii = Object.values(one).every((value) => typeof value === 'number' || isAsciiText(value));
  return {
    source: 'gateway/request',
    schemaVersion: 7,
    timePrecisionMs: 1_000,
    fields: one,
    accountId: one.accountId,
    eventId: one.eventId,
    contentHash: Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('latin1'),
    raw: JSON.stringify({ position, one }).slice(0, 10_000),
    ascii: ascii && isAsciiText(JSON.stringify({ position, one })),
    position,
    recordIndex: position % 5,
  };
}

const NETWORKS: readonly Network[] = [
  NO_NETWORK,
  { ...NO_NETWORK, asn: 64_500, asName: 'R. C. F. \u00ad TELECOM LTDA', country: 'BR' },
  { asn: 4_294_967_295, asName: 'Zoë ☎ 電話', country: 'CH', city: 'Zürich', latitude: 47.3667, longitude: -8.55 },
  { ...NO_NETWORK, asName: 'é'.repeat(64), latitude: 0, longitude: 0 },
  { ...NO_NETWORK, asName: 'plain', city: 'x'.repeat(300) },
];
const networkOf = (ip: string) => NETWORKS[[...ip].reduce((sum, one) => sum + one.charCodeAt(0), 0) % NETWORKS.length];
const networks = new NetworkColumns({ edition: 'Édition 1', networkOf: (ip) => networkOf(ip) ?? NO_NETWORK });

/** What the network columns of a row hold; an absent address was looked at and has none. */
function networkColumnsOf(sourceIp: string): object {
  const found = (sourceIp === '' ? undefined : networkOf(sourceIp)) ?? NO_NETWORK;
  const float = (value: number | null) => (value === null ? null : Math.fround(value));
  return { ...found, latitude: float(found.latitude), longitude: float(found.longitude), edition: 'Édition 1' };
}

describe('rows in RowBinary', () => {
  it('every column of an event arrives in the engine as it was, ASCII or not', async () => {
    const { store } = await temporaryStore();
    const events = fc.sample(fields, 300).map((one, position) => rowOf(one, position + 2 ** 40));
    const constants = { blockId: randomUUID(), ingestedAt: 1_790_500_000_123, stream: 'kafka:c/tôpic', partition: 3 };
    for (const stream of [constants.stream, 'file:/plain']) {
      const rows = new RowBuffer(new ChunkPool());
      const encoder = new EventRowEncoder({ ...constants, stream }, networks);
      for (const [ordinal, event] of events.entries()) encoder.write(rows, event, ordinal);
      const insert = { table: 'audit_events', columns: EVENT_COLUMNS, body: rows.pieces(), rows: rows.rows };
      await store.insert({ ...insert, token: stream });
      const columns = Object.entries(COLUMN_OF).map(([name, sql]) => `${sql} AS \`${name}\``);
      const found = await store.rows<Record<string, unknown>>(
        `SELECT ${columns.join(', ')}, lower(hex(content_hash)) AS contentHash, raw, toString(block_id) AS blockId,
          toString(toUnixTimestamp64Milli(ingested_at)) AS ingestedAt, stream, stream_partition, toString(stream_offset) AS stream_offset,
          record_index, schema_version, time_precision_ms, toString(arrival_order) AS arrival_order,
          asn, as_name AS asName, country, city, toFloat64(latitude) AS latitude, toFloat64(longitude) AS longitude,
          network_edition AS edition
        FROM audit_events WHERE stream = {stream:String} ORDER BY stream_offset`,
        { parameters: { stream } },
      );
      expect(found).toEqual(
        events.map((event) => ({
          ...event.fields,
          eventTime: String(event.fields.eventTime),
          contentHash: Buffer.from(event.contentHash, 'latin1').toString('hex'),
          raw: event.raw,
          blockId: constants.blockId,
          ingestedAt: String(constants.ingestedAt),
          stream,
          stream_partition: 3,
          stream_offset: String(event.position),
          record_index: event.recordIndex,
          schema_version: 7,
          time_precision_ms: 1_000,
          ...networkColumnsOf(event.fields.sourceIp),
          arrival_order: String(18446744073709551615n - BigInt(constants.ingestedAt)),
        })),
      );
    }
  });

  it('a row can be read back from its bytes, for the letter that it becomes when the store refuses it', () => {
    const rows = new RowBuffer(new ChunkPool());
    const encoder = new EventRowEncoder({ blockId: randomUUID(), ingestedAt: 0, stream: 's', partition: 0 }, networks);
    for (const [ordinal, one] of fc.sample(fields, 50).entries()) {
      const event = rowOf(one, ordinal);
      encoder.write(rows, event, ordinal);
      expect(readEventRow(Buffer.concat(rows.pieces(ordinal, ordinal + 1)))).toEqual({
        contentHash: event.contentHash,
        source: event.source,
        accountId: event.accountId,
        raw: event.raw,
      });
    }
  });

  it('dead letters and ledger rows arrive as they were, and a ledger digest can be recomputed', async () => {
    const { store } = await temporaryStore('child');
    const rows = new RowBuffer(new ChunkPool());
    const blockId = randomUUID();
    const stamp = {
      blockId,
      ingestedAt: 5,
      stream: 'file:/ä',
      partition: 1,
      scrubberVersion: 2,
      fingerprintKeyId: '1',
    };
    const letters = REJECTION_REASONS.map((reason, position) => ({
      contentHash: `${position}`.padEnd(16, '\xff'),
      reason,
      source: '',
      accountId: 'ä',
      path: 'request.status',
      got: '\u0000',
      text: Buffer.from([0xff, 0xfe, position]),
      textBytes: 2 ** 33,
      textDigest: NO_DIGEST,
      replayable: position % 2 === 0,
    }));
    letters.forEach((letter, position) => {
      writeDeadLetter(rows, letter, { ...stamp, position, recordIndex: 4 }, position);
    });
    const insert = { columns: DEAD_LETTER_COLUMNS, body: rows.pieces(), rows: rows.rows, token: 'letters' };
    await store.insert({ table: 'dead_letters', ...insert });
    const found = await store.rows(
      `SELECT hex(content_hash) AS hash, reason, account_id, got, hex(text) AS text, toFloat64(text_bytes) AS bytes, replayable, record_index
      FROM dead_letters FINAL ORDER BY stream_offset`,
    );
    expect(found).toEqual(
      letters.map((letter) => ({
        hash: Buffer.from(letter.contentHash, 'latin1').toString('hex').toUpperCase(),
        reason: letter.reason,
        account_id: 'ä',
        got: '\u0000',
        text: letter.text.toString('hex').toUpperCase(),
        bytes: 2 ** 33,
        replayable: letter.replayable,
        record_index: 4,
      })),
    );

    const { pieces, rowDigest } = encodeLedgerRow({
      blockId,
      kind: 'block',
      stream: 'file:/ä',
      partition: 1,
      chainId: randomUUID(),
      chainIndex: 3,
      positionFrom: 10,
      positionTo: 2 ** 41,
      streamEnd: 2 ** 42,
      received: 9,
      deadLetters: 2,
      eventTimeMin: 1_790_000_000_000,
      eventTimeMax: 1_790_000_000_001,
      receivedAt: 7,
      recordedAt: 8,
      scrubberVersion: 2,
      fingerprintKeyId: '1',
      blockDigest: Buffer.alloc(32, 1),
      previousDigest: Buffer.alloc(32, 2),
      leaves: Buffer.alloc(32 * 9, 3),
    });
    await store.insert({ table: 'ledger', columns: LEDGER_COLUMNS, body: pieces, rows: 1, token: 'ledger' });
    const [row] = await store.rows(
      `SELECT toFloat64(position_to) AS position_to, toFloat64(stream_end) AS stream_end, received, dead_letters, kind, chain_index,
        length(leaves) AS leaves, lower(hex(row_digest)) AS digest, signature
      FROM ledger`,
    );
    expect(row).toEqual({
      position_to: 2 ** 41,
      stream_end: 2 ** 42,
      received: 9,
      dead_letters: 2,
      kind: 'block',
      chain_index: 3,
      leaves: String(32 * 9),
      digest: rowDigest.toString('hex'),
      signature: '',
    });
  });
});
