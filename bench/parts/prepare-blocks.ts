/**
 * Writes blocks of rows as the pipeline makes them into files, so that inserting can be measured without making them.
 */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadLines } from '../../examples/load.ts';
import { sourceNamed } from '../../schemas/sources/index.ts';
import { BlockBuilder } from '../../src/core/block.ts';
import { createFingerprinter } from '../../src/core/fingerprint.ts';
import { BLOCK_BYTES_MAX, BLOCK_ROWS_MAX, RECORD_BYTES_MAX } from '../../src/core/limits.ts';
import { readRecord } from '../../src/core/record-reader.ts';
import { ChunkPool } from '../../src/core/row-buffer.ts';
import { createScrubber, SCRUBBER_VERSION } from '../../src/core/scrub.ts';
import { loadOptions } from '../load.ts';

const [folder = '', events = '0', rowsMax = BLOCK_ROWS_MAX] = process.argv.slice(2);
const key = Buffer.alloc(32, 7);
const source = sourceNamed('gateway/request');
const pool = new ChunkPool();
const reader = {
  storeKeyHex: key.toString('hex'),
  scrubber: createScrubber(createFingerprinter(key, '1')),
  isTrustedProxy: () => false,
  recordBytesMax: RECORD_BYTES_MAX,
};
let block: BlockBuilder | undefined;
let position = 0;
let files = 0;

function begin(): BlockBuilder {
  const stamp = { blockId: randomUUID(), ingestedAt: Date.now(), stream: 'prepared', partition: 0 };
  return new BlockBuilder({ ...stamp, scrubberVersion: SCRUBBER_VERSION, fingerprintKeyId: '1' }, pool);
}

function write(full: BlockBuilder): void {
  for (const rows of full.months.values()) {
    const name = `${String(files).padStart(6, '0')}-${rows.rows}-${full.index.token('prepared', rows.ordinals())}`;
    writeFileSync(join(folder, name), Buffer.concat(rows.pieces()));
    files += 1;
  }
  full.release();
}

for (const line of loadLines(loadOptions(Number(events)))) {
  const value = Buffer.from(line, 'latin1');
  block ??= begin();
  block.add(readRecord(value, source, '', reader), position, 0, value.length);
  position += 1;
  if (block.records < Number(rowsMax) && block.bytes < BLOCK_BYTES_MAX) continue;
  write(block);
  block = undefined;
}
if (block !== undefined) write(block);
