import { describe, expect, it } from 'vitest';
import type { Footer } from '../../src/ask/footer.ts';
import { envelopeHead, footerText } from '../../src/ask/footer-text.ts';
import { parseQuestion } from '../../src/ask/loader.ts';
import { parametersOf } from '../../src/ask/runner.ts';

const ms = (text: string): number => Date.parse(text);
const FOOTER: Footer = {
  range: { fromMs: ms('2026-10-24T00:00Z'), toMs: ms('2026-11-23T12:00Z') },
  dataUntilMs: ms('2026-11-23T11:59:03.900Z'),
  storedUntilMs: ms('2026-11-23T11:59:05.100Z'),
  deadLetters: 0,
  conflicts: 0,
};
const line = (footer: Partial<Footer>): string => footerText({ ...FOOTER, ...footer }, {});

describe('the footer', () => {
  it('is one line: range, dead letters and conflicts in it, how far the data reach', () => {
    expect(line({})).toBe(
      '2026-10-24T00:00Z → 2026-11-23T12:00Z · 0 dead letters · 0 conflicts · data until 2026-11-23T11:59:03Z (stored 11:59:05Z)\n',
    );
  });

  it.each([
    [{ range: {} }, /^all time · /],
    [{ range: { fromMs: ms('2026-10-24T08:30:00.250Z') } }, /^from 2026-10-24T08:30:00\.250Z · /],
    [{ range: { toMs: ms('2026-10-24T08:30:10Z') } }, /^until 2026-10-24T08:30:10Z · /],
    [{ storedUntilMs: ms('2026-11-24T00:00:01Z') }, /until 2026-11-23T11:59:03Z \(stored 2026-11-24T00:00:01Z\)/],
    [{ storedUntilMs: undefined }, / · data until 2026-11-23T11:59:03Z\n$/],
    [{ dataUntilMs: undefined }, / · no events yet \(stored 2026-11-23T11:59:05Z\)\n$/],
    [{ dataUntilMs: undefined, storedUntilMs: undefined }, / · no data yet\n$/],
    [{ deadLetters: 1, conflicts: 1 }, / · 1 dead letter · 1 conflict · /],
    [{ deadLetters: 12_345, conflicts: 2 }, / · 12,345 dead letters · 2 conflicts · /],
    [{ conflicts: { notWithin: '2 s' } }, / · conflicts not counted within 2 s · /],
    [{ deadLetters: { notWithin: '2 s' } }, / · dead letters not counted within 2 s · /],
  ])('of %j says what is known and no more', (footer, expected) => {
    expect(line(footer as Partial<Footer>)).toMatch(expected);
  });

  it('is broken between its parts where the terminal is narrow, and stands back there', () => {
    const lines = footerText(FOOTER, { width: 80, color: true }).split('\n').slice(0, -1);
    expect(lines).toHaveLength(2);
    for (const one of lines) expect(one).toMatch(/^\u001b\[2m.{1,80}\u001b\[22m$/);
    expect(footerText(FOOTER, { width: 20 }).split('\n')).toHaveLength(5);
  });

  it('is told in local times on request', () => {
    const text = footerText(FOOTER, { local: true });
    expect(text).not.toContain('Z');
    const from = /^(\S+) →/.exec(text)?.[1] ?? '';
    expect(ms(from)).toBe(FOOTER.range.fromMs);
  });
});

describe('the head of an envelope', () => {
  const question = parseQuestion(
    `/*
title: T
question: Q?
params:
  source_ip: {type: IPv6}
  keys: {type: Array(String), default: []}
  since: {type: "DateTime64(3, 'UTC')", default: "2026-01-01"}
  count: {type: UInt32, default: 5}
  big: {type: UInt64, default: 0}
  loud: {type: Bool, default: false}
  from: {type: "DateTime64(3, 'UTC')"}
  to: {type: "DateTime64(3, 'UTC')"}
  now: {type: "DateTime64(3, 'UTC')"}
columns: {a: it}
*/
SELECT {source_ip:IPv6}, {keys:Array(String)}, {since:DateTime64(3, 'UTC')}, {count:UInt32}, {big:UInt64}, {loud:Bool},
    {from:DateTime64(3, 'UTC')}, {to:DateTime64(3, 'UTC')}, {now:DateTime64(3, 'UTC')} AS a`,
    '/questions/one.sql',
  );
  const given = { source_ip: '203.0.113.7', keys: ['a', 'b'], big: '18446744073709551615', to: '2026-11-23T12:00Z' };

  it('holds the parameters as people give them, and nothing where the range is open', () => {
    const parameters = parametersOf(question, given, ms('2026-11-23T12:00Z'));
    const range = { toMs: ms('2026-11-23T12:00Z') };
    expect(envelopeHead(question, parameters, { range, deadLetters: 2, conflicts: { notWithin: '2 s' } })).toEqual({
      question: 'one',
      parameters: {
        source_ip: '203.0.113.7',
        keys: ['a', 'b'],
        since: '2026-01-01T00:00:00.000Z',
        count: 5,
        big: '18446744073709551615',
        loud: false,
        from: null,
        to: '2026-11-23T12:00:00.000Z',
        now: '2026-11-23T12:00:00.000Z',
      },
      range: { from: null, to: '2026-11-23T12:00:00.000Z' },
      data_until: null,
      stored_until: null,
      dead_letters: 2,
      conflicts: null,
    });
    expect(envelopeHead(question, parameters, FOOTER)).toMatchObject({
      data_until: '2026-11-23T11:59:03.900Z',
      stored_until: '2026-11-23T11:59:05.100Z',
      conflicts: 0,
    });
  });
});
