/** Spellings of headers that need more than one look: folded lines, parallel lists, entities, prose. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFingerprinter } from '../../src/core/fingerprint.ts';
import { createScrubber, findSecrets, mayHoldSecret } from '../../src/core/scrub.ts';

const fingerprinter = createFingerprinter(Buffer.alloc(32, 3), 'k1');
const scrubber = createScrubber(fingerprinter);
const S = 'S3cr3t-QmFkSW5wdXQtVGVzdC1LZXk';

/** Cut once in a string of a record and once in text that does not parse, and for good. */
function scrubbedBothWays(text: string): string[] {
  return [false, true].map((inJson) => {
    const whole = inJson ? JSON.stringify({ text }) : text;
    const out = scrubber.scrub(whole, inJson).text;
    expect(scrubber.scrub(out, inJson), out).toEqual({ text: out, secrets: 0 });
    return inJson ? JSON.parse(out).text : out;
  });
}

function scrubJson(value: unknown): unknown {
  return JSON.parse(scrubber.scrub(JSON.stringify(value), true).text);
}

const fp = (text: string) => fingerprinter.fingerprint(text);

describe('a value on more than one line', () => {
  it.each([
    [`Authorization: Bearer\r\n ${S}\r\nHost: h`, `Authorization: ${fp(`Bearer ${S}`)}\r\nHost: h`],
    [`Authorization: Basic\n${S}\nHost: h`, `Authorization: ${fp(`Basic ${S}`)}\nHost: h`],
    [`Host: h\r\nCookie: a=1;\r\n b=${S}\r\nAccept: a`, `Host: h\r\nCookie: ${fp(`a=1; b=${S}`)}\r\nAccept: a`],
    [`Cookie:\r\n a=1;\r\n\tb=2;\r\n b=${S}`, `Cookie:\r\n ${fp(`a=1; b=2; b=${S}`)}`],
    [`x-api-key=\n${S}\nHost: h`, `x-api-key=\n${fp(S)}\nHost: h`],
    [`x-api-key:\r\n\t${S}\r\nHost: h`, `x-api-key:\r\n\t${fp(S)}\r\nHost: h`],
    [`headers:\n  x-api-key: |\n    ${S}\n  host: h\n{`, `headers:\n  x-api-key: |\n    ${fp(S)}\n  host: h\n{`],
    [`- cookie: >-\n    ${S}\n  host: h\n{`, `- cookie: >-\n    ${fp(S)}\n  host: h\n{`],
  ])('is cut whole, and the line behind it stays: %j', (text, expected) => {
    expect(scrubbedBothWays(text)).toEqual([expected, expected]);
  });

  it.each([
    [`Authorization: Basic\nHost: h`, `Authorization: ${fp('Basic')}\nHost: h`],
    [`x-api-key=\nhost=h`, `x-api-key=\nhost=h`],
    [`a:\n  x-api-key: ${S}\n  host: h`, `a:\n  x-api-key: ${fp(S)}\n  host: h`],
    [`- x-api-key: ${S}\n  host: h`, `- x-api-key: ${fp(S)}\n  host: h`],
  ])('does not take another header along: %j', (text, expected) => {
    expect(scrubbedBothWays(text)).toEqual([expected, expected]);
  });

  it('leaves the trace behind an error as it is', () => {
    const trace = '\n    at verify (auth.js:1:2)';
    expect(scrubJson(`Error for x-api-key: ${S}${trace}`)).toBe(`Error for x-api-key: ${fp(S)}${trace}`);
  });
});

describe('a name and its value apart from each other', () => {
  it('in parallel lists belong together by index', () => {
    expect(scrubJson({ headers: { names: ['Host', 'x-api-key'], values: ['x', S] } })).toEqual({
      headers: { names: ['Host', 'x-api-key'], values: ['x', fp(S)] },
    });
    expect(scrubJson({ values: [['x'], [S, 7]], keys: ['Host', 'cookie'] })).toEqual({
      values: [['x'], [fp(S), fp('7')]],
      keys: ['Host', 'cookie'],
    });
  });

  it('in lists of different lengths cost every value', () => {
    expect(scrubJson({ names: ['Host', 'x-api-key'], values: [S] })).toEqual({
      names: ['Host', 'x-api-key'],
      values: [fp(S)],
    });
  });

  it('in parallel lists are cut from text that does not parse', () => {
    const out = scrubber.scrub(`{"names":["Host","x-api-key"],"values":["x","${S}"],`, false).text;
    expect(out).not.toContain(S);
    expect(scrubber.scrub(out, false)).toEqual({ text: out, secrets: 0 });
  });

  it('are one entry when the name stands a level below', () => {
    expect(scrubJson({ headers: [{ header: { name: 'x-api-key' }, value: S }] })).toEqual({
      headers: [{ header: { name: 'x-api-key' }, value: fp(S) }],
    });
    expect(scrubJson({ error: { field: 'x-api-key' }, data: 'd' })).toEqual({
      error: { field: 'x-api-key' },
      data: 'd',
    });
  });

  it('are one entry when the value is an example, and the schema around it stays', () => {
    const parameter = (value: string) => ({
      in: 'header',
      schema: { type: 'string', example: value, allOf: [{ type: 'string', default: value }] },
      examples: { one: { value } },
      default: value,
      content: { 'text/plain': value },
      name: 'x-api-key',
    });
    expect(scrubJson([parameter(S)])).toEqual([parameter(fp(S))]);
    const other = { in: 'header', name: 'accept', schema: { example: 'a' }, default: 'b' };
    expect(scrubJson([other])).toEqual([other]);
  });
});

describe('a secret in markup and prose', () => {
  it.each([
    [
      `<p>{&quot;x-api-key&quot;:&quot;${S}&quot;,&quot;a&quot;:1}`,
      `<p>{&quot;x-api-key&quot;:&quot;${fp(S)}&quot;,&quot;a&quot;:1}`,
    ],
    [`&#39;cookie&#39;: &#39;${S}&#39;, b`, `&#39;cookie&#39;: &#39;${fp(S)}&#39;, b`],
    [
      `{&amp;quot;x-api-key&amp;quot;:&amp;quot;${S}&amp;quot;}`,
      `{&amp;quot;x-api-key&amp;quot;:&amp;quot;${fp(S)}&amp;quot;}`,
    ],
    [`the x-api-key is ${S}. Bye`, `the x-api-key is ${fp(S)}. Bye`],
    [`x-api-key ${S}`, `x-api-key ${fp(S)}`],
  ])('is cut: %j', (text, expected) => {
    const [doubted, inString] = scrubbedBothWays(text);
    expect(inString).toBe(expected);
    expect(doubted).not.toContain(S);
  });

  it('is only seen in what looks like a credential', () => {
    for (const text of [
      'x-api-key is missing, and cookie was rejected by authorization service',
      'authorization /v1/accounts/1234567890/keys',
      'cookie at 2026-11-01T10:00:00Z',
      'authorization first.last.2000.01@example.com',
      'the x-api-key aLongWordWithoutAnyNumber',
    ])
      expect(scrubJson({ text })).toEqual({ text });
  });
});

describe('a name with a word glued on', () => {
  it('is the name when the word tells nothing else', () => {
    for (const name of [
      'x-api-keyValue',
      'apikeyvalue',
      'x_api_key_value',
      'apiKeyToken',
      'authorizationToken',
      'AuthorizationHeader',
      'cookieHeader',
      'myauthorization',
      'HTTPAuthorization',
      'requestcookie',
    ]) {
      expect(scrubJson({ [name]: S, text: `${name}: ${S}` }), name).toEqual({
        [name]: fp(S),
        text: `${name}: ${fp(S)}`,
      });
    }
  });

  it('is another name when the word says so', () => {
    const record = {
      apiKeyName: 'a',
      apiKeyHeader: 'x-auth',
      apiKeyType: 'user',
      apiKeyValueCount: 3,
      apiKeyTokenId: 't',
      authentication: 'b',
      authorizationType: 'c',
      authorizationHeaderName: 'n',
      'x-api-key-id': 'd',
      preauthorization: 'e',
      enemyauthorization: 'f',
    };
    expect(scrubJson(record)).toEqual(record);
  });
});

describe('pieces of these spellings', () => {
  const piece = fc.constantFrom(
    ...[
      'x-api-key',
      'Authorization',
      'Cookie',
      'x-api-keyValue',
      'myauthorization',
      S,
      fp('x'),
      'Bearer',
      'is ',
      'was ',
    ],
    ...[
      '\n',
      '\r\n',
      ' ',
      '\t',
      '  ',
      ': ',
      '=',
      '|',
      '>-',
      '- ',
      ';',
      ',',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      'at ',
      'a=1',
    ],
    ...[
      '&quot;',
      '&amp;',
      '&#39;',
      '&lt;',
      '\\n',

      '"names":["',
      '"values":["',
      '"schema":{"',
      '"example":"',
    ],
  );
  const mess = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

  it('are scrubbed for good, and looked at closely whenever there is something to find', () => {
    fc.assert(
      fc.property(mess, fc.boolean(), (text, inJson) => {
        const whole = inJson ? JSON.stringify({ text }) : text;
        if (findSecrets(whole, inJson).length > 0) expect(mayHoldSecret(whole), whole).toBe(true);
        const once = scrubber.scrub(whole, inJson);
        if (inJson) JSON.parse(once.text);
        expect(scrubber.scrub(once.text, inJson), whole).toEqual({ text: once.text, secrets: 0 });
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    'x-api-key\'\\n\n&quot;\r\n"',
    'x-api-key\t"names":["x-api-key\t"values":["',
    'x-api-key: &#39;\n&#39;',
    ': &quot;x-api-key"values":["x-api-key: &quot;',
  ])('are looked at again where a cut changes how the rest reads: %j', (text) => {
    const once = scrubber.scrub(text, false);
    expect(once.secrets).toBeGreaterThan(0);
    expect(scrubber.scrub(once.text, false)).toEqual({ text: once.text, secrets: 0 });
  });

  it('come soon, however many', () => {
    for (const text of [
      `x-api-key: a${'\n b'.repeat(300_000)}`,
      'Authorization: Basic\n'.repeat(50_000),
      'x-api-key is '.repeat(80_000),
      `x-api-key ${'a'.repeat(1_000_000)}`,
      '&amp;'.repeat(200_000),
      `{"names":["${'x-api-key","'.repeat(80_000)}`,
      `${'{"schema":{"default":1,"schema":'.repeat(20_000)}1${'}}'.repeat(20_000)}`,
    ])
      expect(scrubber.scrub(text, false).text.length).toBeGreaterThan(0);
  });
});

describe('a text full of names', () => {
  it.each([
    ['x%2Dapi%2Dkey='],
    ['x-api-key='],
    ['x%2Dapi%2Dkey=1&'],
    ['"name":"x-api-key",'],
    ['authorization: Bearer\n '],
  ])('is read once, not once for each name: %j', (name) => {
    const text = `${name.repeat(Math.floor(1_000_000 / name.length))}\nx-api-key: ${S}`;
    expect(scrubber.scrub(text, false).text).not.toContain(S.slice(0, 20));
  });
});
