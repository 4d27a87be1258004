/**
 * An event as a row of `audit_events`.
 *
 * Columns of fixed size stand first, then the texts, then `raw`: the fixed part is one copy of a template that holds
 * what a whole block shares, and all texts of an ASCII row are one native write.
 */
import {
  ACTIVITIES,
  AUTH_REASONS,
  AUTH_RESULTS,
  type EventFields,
  OUTCOMES,
  PRINCIPAL_KINDS,
} from '../../schemas/audit-event.ts';
import { writeAddressBytes } from '../../schemas/fields/address.ts';
import { NETWORK_COLUMNS, NO_NETWORK_COLUMNS, skipNetworkColumns } from './network.ts';
import {
  type RowBuffer,
  sizedAscii,
  VARINT_BYTES_MAX,
  varint,
  writeText,
  writeUInt64,
  writeUuid,
} from './row-buffer.ts';

const FIXED_COLUMNS = [
  ['block_id', 16],
  ['source_ip', 16],
  ['event_time', 8],
  ['ingested_at', 8],
  ['stream_offset', 8],
  ['stream_partition', 4],
  ['record_index', 4],
  ['schema_version', 2],
  ['status_code', 2],
  ['time_precision_ms', 2],
  ['principal_kind', 1],
  ['activity', 1],
  ['auth_result', 1],
  ['auth_reason', 1],
  ['outcome', 1],
  // Last, because it is made as text, and one native write takes it together with the texts behind it.
  ['content_hash', 16],
] as const;

const TEXT_COLUMNS = [
  'source',
  'account_id',
  'event_id',
  'key_id',
  'principal_name',
  'principal_email',
  'action',
  'resource_type',
  'resource_id',
  'resource_name',
  'description',
  'request_id',
  'source_host',
  'http_method',
  'url_path',
  'user_agent',
  'error_code',
] as const;

/** Behind the texts of the record and what the network database says of its address. */
const LAST_COLUMNS = ['stream', 'raw'] as const;

export const EVENT_COLUMNS: readonly string[] = [
  ...FIXED_COLUMNS.map(([name]) => name),
  ...TEXT_COLUMNS,
  ...NETWORK_COLUMNS,
  ...LAST_COLUMNS,
];

const AT = offsets();
const FIXED_BYTES = FIXED_COLUMNS.reduce((sum, [, bytes]) => sum + bytes, 0);

const PRINCIPAL_KIND_CODE = codes(PRINCIPAL_KINDS);
const ACTIVITY_CODE = codes(ACTIVITIES);
const AUTH_RESULT_CODE = codes(AUTH_RESULTS);
const AUTH_REASON_CODE = codes(AUTH_REASONS);
const OUTCOME_CODE = codes(OUTCOMES);

/** What all events of a block share. */
export interface BlockConstants {
  readonly blockId: string;
  /** ms since 1970, UTC */
  readonly ingestedAt: number;
  readonly stream: string;
  readonly partition: number;
}

/** What is particular to one event. */
export interface EventRow {
  readonly source: string;
  readonly schemaVersion: number;
  /** Resolution of the source's clock in ms. */
  readonly timePrecisionMs: number;
  readonly fields: EventFields;
  /** Account and identity after the origin and the content hash have filled in what the record leaves out. */
  readonly accountId: string;
  readonly eventId: string;
  /** 16 bytes as latin1. */
  readonly contentHash: string;
  readonly raw: string;
  /** The same as bytes, where they are at hand. */
  readonly bytes?: Uint8Array | undefined;
  /** True when every text of the event is ASCII; then bytes and characters are the same. */
  readonly ascii: boolean;
  readonly position: number;
  readonly recordIndex: number;
}

/** What `NetworkColumns` gives for the printed form of an address. */
export interface AddressColumns {
  of(sourceIp: string): string;
}

/** Writes events of one block. */
export class EventRowEncoder {
  readonly #template = Buffer.alloc(FIXED_BYTES);
  readonly #networks: AddressColumns;
  readonly #stream: string;
  readonly #streamSized: string | undefined;

  constructor(constants: BlockConstants, networks: AddressColumns = NO_NETWORK_COLUMNS) {
    this.#networks = networks;
    writeUuid(this.#template, constants.blockId, AT.block_id);
    writeUInt64(this.#template, constants.ingestedAt, AT.ingested_at);
    this.#template.writeUInt32LE(constants.partition, AT.stream_partition);
    this.#stream = constants.stream;
    this.#streamSized = isAsciiText(constants.stream) ? sizedAscii(constants.stream) : undefined;
  }

  /** @param ordinal the event's ordinal in its block */
  write(rows: RowBuffer, event: EventRow, ordinal: number): void {
    if (event.ascii && this.#streamSized !== undefined) this.#writeAscii(rows, event, ordinal, this.#streamSized);
    else this.#writeUnicode(rows, event, ordinal);
  }

  #writeAscii(rows: RowBuffer, event: EventRow, ordinal: number, stream: string): void {
    const f = event.fields;
    const texts =
      event.contentHash +
      sizedAscii(event.source) +
      sizedAscii(event.accountId) +
      sizedAscii(event.eventId) +
      sizedAscii(f.keyId) +
      sizedAscii(f.principalName) +
      sizedAscii(f.principalEmail) +
      sizedAscii(f.action) +
      sizedAscii(f.resourceType) +
      sizedAscii(f.resourceId) +
      sizedAscii(f.resourceName) +
      sizedAscii(f.description) +
      sizedAscii(f.requestId) +
      sizedAscii(f.sourceHost) +
      sizedAscii(f.httpMethod) +
      sizedAscii(f.urlPath) +
      sizedAscii(f.userAgent) +
      sizedAscii(f.errorCode) +
      this.#networks.of(f.sourceIp) +
      stream +
      varint(event.raw.length);
    rows.begin(ordinal, FIXED_BYTES + texts.length + event.raw.length);
    const { chunk, at } = rows;
    this.#writeFixed(chunk, at, event);
    let end = at + AT.content_hash;
    end += chunk.write(texts, end, 'latin1');
    if (event.bytes === undefined) end += chunk.write(event.raw, end, 'latin1');
    else {
      chunk.set(event.bytes, end);
      end += event.bytes.length;
    }
    rows.end(end);
  }

  #writeUnicode(rows: RowBuffer, event: EventRow, ordinal: number): void {
    const texts = textsOf(event);
    const last = [this.#stream, event.raw];
    const network = this.#networks.of(event.fields.sourceIp);
    rows.begin(ordinal, FIXED_BYTES + bytesMaxOf(texts) + network.length + bytesMaxOf(last));
    const { chunk, at } = rows;
    this.#writeFixed(chunk, at, event);
    chunk.write(event.contentHash, at + AT.content_hash, 16, 'latin1');
    let end = at + FIXED_BYTES;
    for (const text of texts) end = writeText(chunk, text, end);
    end += chunk.write(network, end, 'latin1');
    for (const text of last) end = writeText(chunk, text, end);
    rows.end(end);
  }

  #writeFixed(chunk: Buffer, at: number, event: EventRow): void {
    const f = event.fields;
    chunk.set(this.#template, at);
    writeAddressBytes(f.sourceIp, chunk, at + AT.source_ip);
    writeUInt64(chunk, f.eventTime, at + AT.event_time);
    writeUInt64(chunk, event.position, at + AT.stream_offset);
    chunk.writeUInt32LE(event.recordIndex, at + AT.record_index);
    chunk.writeUInt16LE(event.schemaVersion, at + AT.schema_version);
    chunk.writeUInt16LE(f.statusCode, at + AT.status_code);
    chunk.writeUInt16LE(event.timePrecisionMs, at + AT.time_precision_ms);
    chunk[at + AT.principal_kind] = PRINCIPAL_KIND_CODE[f.principalKind];
    chunk[at + AT.activity] = ACTIVITY_CODE[f.activity];
    chunk[at + AT.auth_result] = AUTH_RESULT_CODE[f.authResult];
    chunk[at + AT.auth_reason] = AUTH_REASON_CODE[f.authReason];
    chunk[at + AT.outcome] = OUTCOME_CODE[f.outcome];
  }
}

/** What a single row says of itself; needed when the store refuses it and it becomes a dead letter. */
export interface EventRowFacts {
  readonly contentHash: string;
  readonly source: string;
  readonly accountId: string;
  readonly raw: string;
}

/** Reads back the texts of one row that `EventRowEncoder` wrote. */
export function readEventRow(row: Buffer): EventRowFacts {
  let at = FIXED_BYTES;
  const nextText = (): string => {
    const { from, to } = textAt(row, at);
    at = to;
    return row.toString('utf8', from, to);
  };
  const texts = TEXT_COLUMNS.map(nextText);
  at = skipNetworkColumns(row, at, (from) => textAt(row, from).to);
  const last = LAST_COLUMNS.map(nextText);
  return {
    contentHash: row.toString('latin1', AT.content_hash, AT.content_hash + 16),
    source: texts[0] ?? '',
    accountId: texts[1] ?? '',
    raw: last[LAST_COLUMNS.length - 1] ?? '',
  };
}

/** Where the bytes of a text with its length in front begin and end. */
function textAt(row: Buffer, at: number): { from: number; to: number } {
  let length = 0;
  let factor = 1;
  for (let from = at; ; ) {
    const byte = row[from++] ?? 0;
    length += (byte % 128) * factor;
    if (byte < 128) return { from, to: from + length };
    factor *= 128;
  }
}

function bytesMaxOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text) + VARINT_BYTES_MAX, 0);
}

export function isAsciiText(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

function textsOf(event: EventRow): string[] {
  const f = event.fields;
  return [
    event.source,
    event.accountId,
    event.eventId,
    f.keyId,
    f.principalName,
    f.principalEmail,
    f.action,
    f.resourceType,
    f.resourceId,
    f.resourceName,
    f.description,
    f.requestId,
    f.sourceHost,
    f.httpMethod,
    f.urlPath,
    f.userAgent,
    f.errorCode,
  ];
}

function offsets(): Record<(typeof FIXED_COLUMNS)[number][0], number> {
  let at = 0;
  const result: Record<string, number> = {};
  for (const [name, bytes] of FIXED_COLUMNS) {
    result[name] = at;
    at += bytes;
  }
  return result as Record<(typeof FIXED_COLUMNS)[number][0], number>;
}

function codes<Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, code) => [name, code])) as Record<Name, number>;
}
