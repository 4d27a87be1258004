import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFiles } from '../../../src/intake/file/find-files.ts';
import { EXPANSION_LIMITS } from '../../../src/intake/file/gunzip.ts';
import { type FileProgress, type IngestFileOptions, ingestFile } from '../../../src/intake/file/ingest-file.ts';
import { FakeReceiver, type Received } from './fake-receiver.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'keytrail-ingest-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function ingest(
  content: string | Buffer,
  options: Partial<IngestFileOptions> = {},
  receiver = new FakeReceiver(),
) {
  const file = path.join(folder, 'audit.json');
  await writeFile(file, content);
  const [found] = await findFiles([file]);
  if (!found) throw new Error('not found');
  const result = await ingestFile(found, receiver, { accountId: '', ...options });
  return { result, received: only(receiver), file };
}

function only(receiver: FakeReceiver): Received {
  const [received, ...others] = receiver.received;
  if (!received || others.length > 0) throw new Error('one chain is expected');
  return received;
}

const reasons = (received: Received) => received.letters.map((letter) => letter.reason);
const lines = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `{"id":${from + index},"text":"${'x'.repeat(index % 97)}"}`);
/** Text that gzip makes little smaller, so that a file of it has many pieces. */
function noise(count: number): string[] {
  return Array.from(
    { length: count },
    (_, id) => `{"id":${id},"n":"${createHash('sha256').update(String(id)).digest('hex')}"}`,
  );
}

describe('a file', () => {
  it('is one stream, named by its place and the digest of its start', async () => {
    const content = `${lines(3000).join('\n')}\n`;
    const { result, received, file } = await ingest(content, { source: 'gateway/request', accountId: '1001' });
    const digest = createHash('sha256').update(content.slice(0, 65_536)).digest('hex').slice(0, 16);
    expect(received.partition).toEqual({
      stream: `file:${file}#${digest}`,
      partition: 0,
      position: 0,
      source: 'gateway/request',
      accountId: '1001',
    });
    expect(received.texts).toEqual(lines(3000));
    expect(received).toMatchObject({ passed: content.length, flushed: true, abandoned: false });
    expect(received.ends.at(-1)).toBe(content.length);
    expect(result).toMatchObject({ records: 3000, unframed: 0, bytesRead: content.length, interrupted: false });
  });

  it('gives the same records raw and compressed, in one member or several, padded or not', async () => {
    const text = `${noise(4000).join('\n')}\n`;
    const half = text.length >> 1;
    const members = [
      gzipSync(text),
      Buffer.concat([gzipSync(text.slice(0, half)), gzipSync(text.slice(half))]),
      Buffer.concat([gzipSync(''), gzipSync(text), Buffer.alloc(700)]),
    ];
    const plain = await ingest(text);
    for (const content of members) {
      const { received, result } = await ingest(content);
      expect(received.texts).toEqual(plain.received.texts);
      expect(received.positions).toEqual(plain.received.positions);
      expect(received.letters).toEqual([]);
      expect(result).toMatchObject({ bytesRead: content.length, expandedBytes: text.length });
    }
  });

  it('of nothing gives nothing, and is done', async () => {
    for (const content of ['', gzipSync('')]) {
      const { received, result } = await ingest(content);
      expect(received).toMatchObject({ texts: [], letters: [], flushed: true });
      expect(result).toMatchObject({ records: 0, unframed: 0 });
    }
  });

  it('that is standard input is read to its end', async () => {
    const receiver = new FakeReceiver();
    const stdin = Readable.from([Buffer.from('{"a":1}\n{"b"'), Buffer.from(':2}\n')]);
    await ingestFile({ path: '-', bytes: 0 }, receiver, { accountId: '', stdin });
    expect(only(receiver).texts).toEqual(['{"a":1}', '{"b":2}']);
    expect(only(receiver).partition.stream).toMatch(/^stdin#[0-9a-f]{16}$/);
  });

  it('tells how far it is, in bytes as they are stored', async () => {
    const content = gzipSync(noise(20_000).join('\n'));
    const seen: FileProgress[] = [];
    await ingest(content, { onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.at(-1)).toMatchObject({ bytesRead: content.length, bytesTotal: content.length });
    for (const { bytesRead, bytesTotal } of seen) expect(bytesRead).toBeLessThanOrEqual(bytesTotal);
  });

  it('waits for room between chunks', async () => {
    const receiver = new FakeReceiver();
    receiver.hasRoom = false;
    await ingest(noise(10_000).join('\n'), {}, receiver);
    expect(receiver.waits).toBeGreaterThan(2);
    expect(only(receiver).texts).toHaveLength(10_000);
  });

  it('that cannot be read is an error of the person', async () => {
    await expect(
      ingestFile({ path: path.join(folder, 'gone.json'), bytes: 9 }, new FakeReceiver(), { accountId: '' }),
    ).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(ingestFile({ path: folder, bytes: 9 }, new FakeReceiver(), { accountId: '' })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
  });

  it('keeps what it read when reading fails in the middle, and does not call the rest a bad record', async () => {
    const receiver = new FakeReceiver();
    const stdin = Readable.from(
      (async function* () {
        yield Buffer.from(`${noise(2_000).join('\n')}\n{"half":`);
        throw new Error('EIO');
      })(),
    );
    const ingesting = ingestFile({ path: '-', bytes: 0 }, receiver, { accountId: '', stdin });
    await expect(ingesting).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(only(receiver)).toMatchObject({ letters: [], flushed: true });
    expect(only(receiver).texts).toHaveLength(2_000);
  });

  it('that is interrupted keeps what it read and ends', async () => {
    const receiver = new FakeReceiver();
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    const { result, received } = await ingest(noise(20_000).join('\n'), { signal: stop.signal, onProgress }, receiver);
    expect(result.interrupted).toBe(true);
    expect(received).toMatchObject({ flushed: true, letters: [] });
    expect(received.texts.length).toBeGreaterThan(0);
    expect(received.texts.length).toBeLessThan(20_000);
  });

  it('ends with the error that the store stops with', async () => {
    const receiver = new FakeReceiver();
    receiver.failFlush = new Error('the store is gone');
    await expect(ingest('{"a":1}', {}, receiver)).rejects.toThrow('the store is gone');
    expect(only(receiver).abandoned).toBe(true);
  });
});

describe('bad input', () => {
  it('a truncated gzip keeps the records before and gives one dead letter, wherever it was cut', async () => {
    const texts = noise(300);
    const content = gzipSync(`${texts.join('\n')}\n`);
    for (let end = 3; end < content.length; end += 397) {
      const { received } = await ingest(content.subarray(0, end));
      expect(reasons(received)).toEqual(['container-truncated']);
      expect(received.texts).toEqual(texts.slice(0, received.texts.length));
    }
    const { received } = await ingest(content.subarray(0, content.length - 1));
    expect(received.texts).toEqual(texts);
    expect(reasons(received)).toEqual(['container-truncated']);
  });

  it('a damaged gzip keeps the records before the damage', async () => {
    const texts = noise(300);
    const content = gzipSync(`${texts.join('\n')}\n`);
    const trailer = Buffer.from(content);
    trailer.writeUInt8(trailer.readUInt8(content.length - 6) ^ 0xff, content.length - 6);
    const { received } = await ingest(trailer);
    expect(received.texts).toEqual(texts);
    expect(reasons(received)).toEqual(['container-damaged']);

    const middle = Buffer.concat([content.subarray(0, content.length >> 1), Buffer.alloc(2000, 0xff)]);
    const damaged = await ingest(middle);
    expect(reasons(damaged.received)).toEqual(['container-damaged']);
    expect(damaged.received.texts.length).toBeGreaterThan(100);
  });

  it('a large damaged gzip keeps all records but those of one piece', async () => {
    const texts = noise(60_000);
    // Stored as it is, so that the damage is found at the next of its blocks, and the place is known.
    const content = gzipSync(texts.join('\n'), { level: 0 });
    const damage = content.length - 1_000_000;
    content.fill(0xff, damage, damage + 100_000);
    const { received } = await ingest(content);
    expect(reasons(received)).toEqual(['container-damaged']);
    const kept = Math.floor((60_000 * (damage - 16_384)) / content.length) - 10;
    expect(received.texts.slice(0, kept)).toEqual(texts.slice(0, kept));
    expect(received.texts.length).toBeLessThan(60_000);
  });

  it('garbage behind a gzip is damage, not silence', async () => {
    for (const garbage of ['more text', `${'\0'.repeat(40)}{"lost":1}`]) {
      const { received } = await ingest(Buffer.concat([gzipSync('{"a":1}\n'), Buffer.from(garbage)]));
      expect(received.texts).toEqual(['{"a":1}']);
      expect(reasons(received)).toEqual(['container-damaged']);
    }
  });

  it('a gzip bomb is stopped by its ratio and by its size, and the records before it stay', async () => {
    const texts = noise(1000);
    const bomb = gzipSync(`${texts.join('\n')}\n${' '.repeat(8_000_000)}`);
    const limits = [
      { ...EXPANSION_LIMITS, ratioMax: 20, ratioFromBytes: 1_000_000 },
      { ...EXPANSION_LIMITS, expandedBytesMax: 1_000_000 },
    ];
    for (const expansion of limits) {
      const { received, result } = await ingest(bomb, { expansion });
      expect(received.texts).toEqual(texts);
      expect(reasons(received)).toEqual(['container-too-large']);
      expect(result.expandedBytes).toBeLessThanOrEqual(1_000_000 + 8_000_000 / 4);
    }
  });

  it('a container that is cut keeps its records, and two such files are two dead letters', async () => {
    const first = await ingest('{"Records":[{"a":1},{"b":2}');
    expect(first.received.texts).toEqual(['{"a":1}', '{"b":2}']);
    expect(reasons(first.received)).toEqual(['container-truncated']);
    const second = await ingest('{"Records":[{"c":1}');
    expect(second.received.letters[0]?.digest).not.toBe(first.received.letters[0]?.digest);
    const again = await ingest('{"Records":[{"c":1}');
    expect(again.received.letters).toEqual(second.received.letters);
  });

  it('CSV, invalid UTF-8 and NUL bytes harm only their own lines', async () => {
    const content = Buffer.concat([
      Buffer.from('{"a":1}\ntime,key\n1,2\n'),
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d, 0x0a, 0x00, 0x00, 0x0a]),
      Buffer.from('{"b":2}\n'),
    ]);
    const { received } = await ingest(content);
    expect(received.texts).toEqual(['{"a":1}', 'time,key', '1,2', '{"\xff\xfe":1}', '\0\0', '{"b":2}']);
  });

  it('a record beyond the limit keeps its length and digest, and its neighbours go on', async () => {
    const large = `{"a":"${'y'.repeat(3_000_000)}"}`;
    const { received } = await ingest(`{"a":1}\n${large}\n{"b":2}\n`);
    expect(received.texts).toEqual(['{"a":1}', '{"b":2}']);
    const digest = createHash('sha256').update(large).digest('hex');
    expect(received.letters).toMatchObject([{ reason: 'record-too-large', bytes: large.length, digest }]);
  });
});
