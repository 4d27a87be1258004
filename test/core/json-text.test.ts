import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactJson, parseRecord } from '../../src/core/json-text.ts';
import { JSON_DEPTH_MAX } from '../../src/core/limits.ts';

const whiteSpace = fc.constantFrom('', '', ' ', '  ', '\n', '\t', '\r\n');
const awkward = fc.constantFrom(
  '(KHTML, like Gecko)',
  '": ',
  ' }',
  ', 1',
  'a , b',
  '\\',
  '\\" : ',
  '[ ]',
  '{ }',
  'true , false',
);
const scalar = fc.oneof(
  fc.constantFrom('true', 'false', 'null', '0', '-0', '1e5', '1.50', '-12E-3', '12345678901234567890'),
  fc.oneof(fc.string(), awkward).map((text) => JSON.stringify(text)),
  fc.constantFrom('"\\u0041\\/"', '"\\\\"', '"\\""', '" "', '""'),
);
/** Tokens of a JSON text, so that it can be written with white space anywhere between them. */
const tokens: fc.Arbitrary<string[]> = fc.letrec<{ value: string[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar.map((text) => [text]),
    fc
      .array(tie('value'), { maxLength: 4 })
      .map((items) => ['[', ...items.flatMap((item, at) => (at ? [',', ...item] : item)), ']']),
    fc
      .array(
        fc.tuple(
          scalar.filter((text) => text.startsWith('"')),
          tie('value'),
        ),
        { maxLength: 4 },
      )
      .map((members) => [
        '{',
        ...members.flatMap(([name, item], at) => [...(at ? [','] : []), name, ':', ...item]),
        '}',
      ]),
  ),
})).value;

describe('compact JSON', () => {
  it('loses the white space between tokens and nothing else, wherever it stands', () => {
    fc.assert(
      fc.property(tokens, fc.array(whiteSpace, { minLength: 1, maxLength: 7 }), (parts, spaces) => {
        const written = parts.map((part, at) => (spaces[at % spaces.length] ?? '') + part).join('') + (spaces[0] ?? '');
        expect(compactJson(written)).toBe(parts.join(''));
      }),
      { numRuns: 3_000 },
    );
  });

  it('loses white space that stands in a single place', () => {
    fc.assert(
      fc.property(tokens, fc.nat(), fc.constantFrom(' ', '  ', '\n', '\t', '\r'), (parts, place, space) => {
        const at = place % (parts.length + 1);
        const written = [...parts.slice(0, at), space, ...parts.slice(at)].join('');
        expect(compactJson(written)).toBe(parts.join(''));
      }),
      { numRuns: 3_000 },
    );
  });

  it('of compact text is the very text', () => {
    fc.assert(
      fc.property(tokens, (parts) => {
        expect(compactJson(parts.join(''))).toBe(parts.join(''));
      }),
    );
    expect(compactJson(`{"agent":"Mozilla/5.0 (X11; Linux, like Gecko)","text":"a: b, c {} [ ] , 1"}`)).toHaveLength(
      76,
    );
  });

  it('is one for a record as NDJSON and pretty-printed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(1, 2, 4, '\t'), (value, indent) => {
        expect(compactJson(JSON.stringify(value, null, indent))).toBe(JSON.stringify(value));
      }),
    );
  });
});

function parsed(text: string): unknown {
  const result = parseRecord(text);
  return result.ok ? result.value : result.reason;
}

describe('a parsed record', () => {
  it('is what JSON.parse gives, where every integer is safe', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        if (/\d{16}/.test(text)) return;
        expect(parsed(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('has integers beyond 2^53 as text, digit by digit, and all others as numbers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.nat({ max: 40 }), (number, shift) => {
        const safe = Number.isSafeInteger(Number(number));
        const text = `{"${'p'.repeat(shift)}":[${number} ,{"b":${number}}],"s":"${number}"}`;
        const expected = safe ? Number(number) : String(number);
        expect(parsed(text)).toEqual({ ['p'.repeat(shift)]: [expected, { b: expected }], s: String(number) });
      }),
      { numRuns: 1_000 },
    );
    expect(parsed('{"a":9007199254740991,"b":9007199254740993,"c":-9007199254740992}')).toEqual({
      a: 9007199254740991,
      b: '9007199254740993',
      c: '-9007199254740992',
    });
    expect(parsed('{"a":12345678901234567890.5,"b":12345678901234567890e2}')).toEqual({
      a: Number('12345678901234567890.5'),
      b: Number('12345678901234567890e2'),
    });
  });

  it('is not made of text that is none by quoting its digits', () => {
    for (const text of ['{12345678901234567890:1}', '{"a":1,12345678901234567890 :1}', '{"a":012345678901234567890}']) {
      expect(parsed(text)).toBe('invalid-json');
    }
  });

  it('has of members with one name the last, and no harm comes from __proto__', () => {
    expect(parsed('{"a":1,"a":{"b":2}}')).toEqual({ a: { b: 2 } });
    const result = parseRecord('{"__proto__":{"admin":true},"constructor":1}');
    expect(result.ok && Object.keys(result.value)).toEqual(['__proto__', 'constructor']);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('is refused when it is no object', () => {
    for (const text of ['1', '"a"', 'null', 'true', '[]', '[{"a":1}]']) expect(parsed(text)).toBe('not-an-object');
  });

  it('may be as deep as the limit and no deeper, however deep it is', () => {
    const nested = (depth: number) => `${'{"a":'.repeat(depth - 1)}{"b":"}}]]"}${'}'.repeat(depth - 1)}`;
    expect(typeof parsed(nested(JSON_DEPTH_MAX))).toBe('object');
    expect(parsed(nested(JSON_DEPTH_MAX + 1))).toBe('too-deep');
    expect(parsed(nested(100_000))).toBe('too-deep');
    expect(typeof parsed(`{"a":[${'{"b":[]},'.repeat(1_000)}1]}`)).toBe('object');
    expect(parsed('['.repeat(1_048_576))).toBe('invalid-json');
    expect(parsed(`{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}`)).toBe('too-deep');
  });

  it('tells where text stops being JSON, and never more than one character of it', () => {
    const CASES: [string, number][] = [
      ['', 0],
      ['{"a":1', 6],
      ['{"a":1,}', 7],
      ['{"a" 1}', 5],
      ['{"a":tru}', 5],
      ['{"a":"x\ny"}', 7],
      ['{"a":"\\q"}', 6],
      ['[1,2,]', 5],
      ['{"a":1} x', 8],
      ['{a:1}', 1],
      ['{"a":01}', 6],
      ['time,key', 0],
      [`{"a":"${'é'.repeat(5_000)}"`, 5_007],
    ];
    for (const [text, at] of CASES) {
      const result = parseRecord(text);
      expect(result, text).toMatchObject({ ok: false, reason: 'invalid-json', path: '' });
      expect(!result.ok && result.got, text).toMatch(new RegExp(`^("(.|\\\\.)"|end of text) at position ${at}$`));
    }
  });

  it('says so of exactly the texts that JSON.parse refuses', () => {
    const mess = fc
      .array(
        fc.oneof(
          tokens.map((parts) => parts.join('')),
          fc.constantFrom('{', '}', ',', ':', '"', '1', '-', '.', '\\', 'e'),
        ),
        { maxLength: 6 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(mess, (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(parsed(text) !== 'invalid-json').toBe(valid);
        const result = parseRecord(text);
        if (!result.ok && result.reason === 'invalid-json') {
          const at = Number(/\d+$/.exec(result.got)?.[0]);
          expect(at).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
