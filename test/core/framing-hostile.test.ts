import { describe, expect, it } from 'vitest';
import { looksLikeContainer } from '../../src/core/framing.ts';
import { RECORD_BYTES_MAX } from '../../src/core/limits.ts';
import { frame } from './support.ts';

describe('hostile input ends, and soon', () => {
  const MILLION = 1_000_000;
  const HOSTILE: Record<string, string> = {
    'a million brackets': '['.repeat(MILLION),
    'a million brackets on lines': '[\n'.repeat(MILLION),
    'a million open records on lines': '{"a":[\n'.repeat(MILLION),
    'a million open objects on one line': '{"a":'.repeat(MILLION),
    'a million records beside each other': '{}'.repeat(MILLION),
    'lines that open a record in their middle': '{"a":1}]},{"b":[\n'.repeat(200_000),
    'a list of broken elements': `[${'{"a":{"b":1},'.repeat(200_000)}`,
    'a list of elements that open alike': `[${'{"a":1,{"a":'.repeat(200_000)}`,
    'a million commas': `[${','.repeat(MILLION)}`,
    'a million quotes': `{${'"'.repeat(MILLION)}`,
    'a million heads': '{"links":['.repeat(MILLION),
    'a million heads on lines': '{"links":[\n'.repeat(200_000),
    'heads that go on over lines': '{"a":[[],\n'.repeat(200_000),
    'a million elements that are no objects': `[{},${'7,'.repeat(MILLION)}`,
    'a million names of secrets': `[{},${'"cookie",'.repeat(MILLION)}`,
    'indented brackets': ' [\n  {\n'.repeat(200_000),
  };
  for (const [name, text] of Object.entries(HOSTILE)) {
    it(name, () => {
      const bytes = Buffer.from(text);
      const whole = frame(bytes, { recordBytesMax: RECORD_BYTES_MAX });
      expect(whole.length).toBeGreaterThan(0);
      expect(frame(bytes, { recordBytesMax: RECORD_BYTES_MAX }, [65_536]).length).toBe(whole.length);
    });
  }
});

describe('a message', () => {
  it('looks like a container when it is a list, compressed or begins with a byte order mark, and else is one record', () => {
    for (const text of [
      '[]',
      ' [{"a":1}]',
      '{"Records":[',
      '\n{"entries" : [',
      '{"links":[1],"entries":[]}',
      '{"accountId":1001,"entries":[{"a":1}],"_links":[]}',
      '\u001f\u008b',
    ]) {
      expect(looksLikeContainer(Buffer.from(text, 'latin1')), text).toBe(true);
    }
    expect(looksLikeContainer(Buffer.from('\ufeff{"a":1}'))).toBe(true);
    for (const text of [
      '{"a":1}',
      '{"Records":1}',
      '{"entriesX":[]}',
      '{"links":[1],"a":[]}',
      '{"id":1,"entries":[{"a":1}]}',
      'text',
      '"x"',
      '7',
      '["x-api-key","y"]',
    ]) {
      expect(looksLikeContainer(Buffer.from(text)), text).toBe(false);
    }
  });
});
