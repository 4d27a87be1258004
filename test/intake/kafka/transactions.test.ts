import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RawRecord, withoutAborted } from '../../../src/intake/kafka/transactions.ts';

/** kafkajs's own filter, which its types do not show. */
const filterAborted = createRequire(import.meta.url)('kafkajs/src/consumer/filterAbortedMessages.js') as (fetch: {
  messages: readonly Written[];
  abortedTransactions: readonly { producerId: string; firstOffset: string }[];
}) => Written[];

interface Written extends RawRecord {
  readonly fate: 'plain' | 'committed' | 'aborted' | 'marker';
}

/** A log as producers write it: each has at most one open transaction, which its marker ends. */
function writeLog(steps: readonly { producer: number; step: 'plain' | 'send' | 'commit' | 'abort' }[]) {
  const records: { record: Written; transaction?: { aborted?: boolean } }[] = [];
  const aborted: { producerId: string; firstOffset: string; lastOffset: number }[] = [];
  const open = new Map<number, { aborted?: boolean; first: number }>();
  const write = (producer: number, fate: Written['fate'], inTransaction: boolean, key: Buffer | null) => {
    const record: Written = {
      offset: String(records.length),
      key,
      fate,
      isControlRecord: fate === 'marker',
      batchContext: { producerId: String(producer), inTransaction },
    };
    return record;
  };
  const end = (producer: number, abort: boolean) => {
    const transaction = open.get(producer);
    if (transaction === undefined) return;
    transaction.aborted = abort;
    open.delete(producer);
    const last = records.length;
    records.push({ record: write(producer, 'marker', true, Buffer.from([0, 0, 0, abort ? 0 : 1])) });
    if (abort) aborted.push({ producerId: String(producer), firstOffset: String(transaction.first), lastOffset: last });
  };
  for (const { producer, step } of steps) {
    if (step === 'plain') records.push({ record: write(99, 'plain', false, null) });
    else if (step === 'send') {
      const transaction = open.get(producer) ?? { first: records.length };
      open.set(producer, transaction);
      records.push({ record: write(producer, 'committed', true, null), transaction });
    } else end(producer, step === 'abort');
  }
  for (const producer of [...open.keys()]) end(producer, true);
  const log = records.map(({ record, transaction }) =>
    transaction?.aborted ? { ...record, fate: 'aborted' as const } : record,
  );
  return { log, aborted };
}

const steps = fc.array(
  fc.record({ producer: fc.nat(3), step: fc.constantFrom('plain', 'send', 'send', 'commit', 'abort') } as const),
  { maxLength: 40 },
);

/** What our filter makes of the fetch [from, to), given what kafkajs hands over of it. */
function fetched({ log, aborted }: ReturnType<typeof writeLog>, from: number, to: number) {
  const raw = log.slice(from, to);
  // As the broker answers: those that reach into the fetch, in order of their ends.
  const abortedTransactions = aborted.filter((each) => each.lastOffset >= from && Number(each.firstOffset) < to);
  const shown = filterAborted({ messages: raw, abortedTransactions }).filter((each) => !each.isControlRecord);
  const wanted = raw.filter(({ fate }) => fate === 'plain' || fate === 'committed');
  return { wanted, given: withoutAborted(raw, shown) };
}

test('a fetch up to the end of its transactions gives the plain and the committed records, and no others', () => {
  fc.assert(
    fc.property(steps, fc.nat(30), (all, from) => {
      const { wanted, given } = fetched(writeLog(all), from, Number.POSITIVE_INFINITY);
      expect(given).toEqual(wanted);
    }),
    { numRuns: 1_000 },
  );
});

test('wherever a fetch is cut, no plain or committed record is lost', () => {
  fc.assert(
    fc.property(steps, fc.nat(30), fc.nat(30), (all, from, length) => {
      const { wanted, given } = fetched(writeLog(all), from, from + length);
      expect(given).toEqual(expect.arrayContaining(wanted));
    }),
    { numRuns: 1_000 },
  );
});

test('a fetch without markers and aborted records is handed on as it is', () => {
  const records: RawRecord[] = [
    { offset: '0', key: null },
    { offset: '1', key: null },
  ];
  expect(withoutAborted(records, records)).toBe(records);
});
