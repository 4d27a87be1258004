import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrival, opening, reachedEnd, STALLED_LOOKS_MAX, stalled } from '../../../src/intake/kafka/positions.ts';

const offsets = fc.nat(1_000_000);
const logs = fc.tuple(offsets, offsets).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));

test('reading opens at the committed offset, wherever that is', () => {
  fc.assert(
    fc.property(offsets, logs, (committed, log) => {
      const { position, readFrom, beyondEnd } = opening(committed, log);
      expect(position).toBe(committed);
      expect(readFrom).toBe(Math.max(committed, log.start));
      expect(beyondEnd).toBe(committed > log.end);
    }),
  );
});

test('without a committed offset, or with the placeholder that kafkajs leaves, reading opens at the start of the log', () => {
  for (const committed of [-1, -2]) {
    expect(opening(committed, { start: 7, end: 9 })).toEqual({ position: 7, readFrom: 7, beyondEnd: false });
  }
});

test('a batch moves the position only when its fetch asked for it, or when the log was trimmed or made again', () => {
  fc.assert(
    fc.property(offsets, offsets, offsets, (position, from, logStart) => {
      const found = arrival(position, from, logStart);
      if (from === position) expect(found).toEqual({ kind: 'next' });
      else if (found.kind === 'trimmed') {
        // Every position of the gap is gone from the log, and the batch continues behind it.
        expect(found.to).toBe(from);
        expect(logStart).toBeGreaterThanOrEqual(found.to);
        expect(found.to).toBeGreaterThan(position);
      } else if (found.kind === 'restarted') expect([from, logStart < position]).toEqual([logStart, true]);
      else expect(found).toEqual({ kind: 'stray' });
    }),
  );
});

test('a batch whose place cannot be told is read again', () => {
  expect(arrival(5, 9, undefined)).toEqual({ kind: 'stray' });
  expect(arrival(5, 9, 7)).toEqual({ kind: 'stray' });
  expect(arrival(5, 3, 0)).toEqual({ kind: 'stray' });
  expect(arrival(5, 9, 9)).toEqual({ kind: 'trimmed', to: 9 });
  expect(arrival(5, 0, 0)).toEqual({ kind: 'restarted' });
});

test('the end is reached at the target, unless the position is only a claim', () => {
  expect(reachedEnd({ position: 4, target: 5, unconfirmed: false })).toBe(false);
  expect(reachedEnd({ position: 5, target: 5, unconfirmed: false })).toBe(true);
  expect(reachedEnd({ position: 5, target: 5, unconfirmed: true })).toBe(false);
});

test('a stalled partition ends when its rest is trimmed, beyond the log, or without records for long', () => {
  const progress = { position: 5, target: 10, unconfirmed: false };
  expect(stalled(progress, { start: 0, end: 10 }, 1)).toEqual({ kind: 'wait' });
  expect(stalled(progress, { start: 10, end: 10 }, 1)).toEqual({ kind: 'trimmed', to: 10 });
  expect(stalled(progress, { start: 12, end: 20 }, 1)).toEqual({ kind: 'trimmed', to: 12 });
  // Records are left: the next fetch tells where they begin.
  expect(stalled(progress, { start: 7, end: 10 }, 1)).toEqual({ kind: 'wait' });
  expect(stalled(progress, { start: 0, end: 5 }, 1)).toEqual({ kind: 'ended' });
  expect(stalled(progress, { start: 0, end: 10 }, STALLED_LOOKS_MAX)).toEqual({ kind: 'ended' });
  expect(stalled({ ...progress, position: 12, unconfirmed: true }, { start: 0, end: 3 }, 1)).toEqual({ kind: 'ended' });
});
