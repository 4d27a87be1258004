import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFingerprinter } from '../../src/core/fingerprint.ts';
import { createScrubber, findSecrets, mayHoldSecret, SCRUBBER_VERSION } from '../../src/core/scrub.ts';
import { anyCase, NEUTRAL_NAMES, namesOf } from './scrub-names.ts';

const fingerprinter = createFingerprinter(Buffer.alloc(32, 3), 'k1');
const scrubber = createScrubber(fingerprinter);
const MARK = /\[secret:k1:[0-9a-f]{32}\]/g;

/** Long enough to stand nowhere by chance, and without a character that a shape below would have to escape. */
const secret = fc.stringMatching(/^[A-Za-z0-9]{12}[A-Za-z0-9._~-]{0,20}[A-Za-z0-9]$/);
const name = fc
  .constantFrom('x-api-key', 'x-api-secret-key', 'authorization', 'proxy-authorization', 'cookie', 'set-cookie')
  .chain(namesOf);
/** Separators other than a space: for places where a space ends the name. */
const token = name.filter((text) => !text.includes(' '));

function scrubJson(value: unknown): unknown {
  return JSON.parse(scrubber.scrub(JSON.stringify(value), true).text);
}

const fp = (text: string) => fingerprinter.fingerprint(text);

describe('secrets', () => {
  it('are cut from headers, whichever way headers are written', () => {
    fc.assert(
      fc.property(name, secret, (header, value) => {
        const marked = fp(value);
        expect(scrubJson({ headers: { [header]: value } })).toEqual({ headers: { [header]: marked } });
        expect(scrubJson({ [`request.headers.${header}`]: [value, value] })).toEqual({
          [`request.headers.${header}`]: [marked, marked],
        });
        expect(scrubJson([{ name: header, value }])).toEqual([{ name: header, value: marked }]);
        expect(scrubJson([{ values: [value], k: 1, key: header }])).toEqual([{ values: [marked], k: 1, key: header }]);
        expect(
          scrubJson([
            [header, value],
            ['host', 'h'],
          ]),
        ).toEqual([
          [header, marked],
          ['host', 'h'],
        ]);
        expect(scrubJson(['Host', 'h', header, value, 'Accept', 'a'])).toEqual([
          'Host',
          'h',
          header,
          marked,
          'Accept',
          'a',
        ]);
        expect(scrubJson({ attributes: [{ key: header, value: { stringValue: value } }] })).toEqual({
          attributes: [{ key: header, value: { stringValue: marked } }],
        });
      }),
    );
  });

  it('are cut whatever type their value has, but true, false and null tell nothing', () => {
    expect(scrubJson({ 'x-api-key': 12.5, n: 12.5 })).toEqual({ 'x-api-key': fp('12.5'), n: 12.5 });
    expect(scrubJson({ cookie: { sid: 'abc', list: [1, true, null, { a: 'x' }] } })).toEqual({
      cookie: { sid: fp('abc'), list: [fp('1'), true, null, { a: fp('x') }] },
    });
    const told = '{"hasApiKey":false,"x-api-key":null,"cookie":true,"authorization":"","set-cookie":[],"a":{}}';
    expect(scrubber.scrub(told, true)).toEqual({ text: told, secrets: 0 });
  });

  it('are cut from header lines, commands and URLs inside strings, and nothing around them', () => {
    fc.assert(
      fc.property(token, secret, (header, value) => {
        const marked = fp(value);
        expect(scrubJson(`GET / HTTP/1.1\r\nHost: h\r\n${header}: ${value}\r\nAccept: a`)).toBe(
          `GET / HTTP/1.1\r\nHost: h\r\n${header}: ${marked}\r\nAccept: a`,
        );
        for (const quote of ["'", '"']) {
          expect(scrubJson(`curl -s -H ${quote}${header}: ${value}${quote} https://h/p`)).toBe(
            `curl -s -H ${quote}${header}: ${marked}${quote} https://h/p`,
          );
          expect(scrubJson(`{${quote}${header}${quote}: ${quote}${value}${quote}, "a"`)).toBe(
            `{${quote}${header}${quote}: ${quote}${marked}${quote}, "a"`,
          );
        }
        expect(scrubJson(`https://h/p?a=1&${header}=${value}&b=2#c`)).toBe(`https://h/p?a=1&${header}=${marked}&b=2#c`);
        expect(scrubJson(`map[Accept:[a] ${header}:[${value}] Host:[h]]`)).toBe(
          `map[Accept:[a] ${header}:[${marked}] Host:[h]]`,
        );
        expect(scrubJson({ [`/p?${header}=${value}`]: 1 })).toEqual({ [`/p?${header}=${marked}`]: 1 });
      }),
    );
  });

  it('are cut from queries with percent-encoded names and values, whole and under their real value', () => {
    fc.assert(
      fc.property(token, secret, fc.constantFrom('', '+', '/', '=', '&', ' ', 'é', '"'), (header, value, odd) => {
        const whole = `${value}${odd}${value}`;
        const encoded = (text: string) =>
          text.replace(/./gu, (char) =>
            /\w/.test(char)
              ? char
              : encodeURIComponent(char).replace(/^[-.~]$/, (c) => `%${c.charCodeAt(0).toString(16)}`),
          );
        const out = scrubJson(`/p?z=1&${encoded(header)}=${encoded(whole)}&b=2`);
        expect(out).toBe(`/p?z=1&${encoded(header)}=${fp(whole)}&b=2`);
      }),
    );
    const nested = encodeURIComponent(`/q?x-api-key=${encodeURIComponent('se+cret')}&c=1`);
    expect(scrubJson(`/p?next=${nested}&z=9`)).not.toContain('cret&');
    expect(JSON.stringify(scrubJson(`/p?next=${nested}&z=9`))).toMatch(
      /^"\/p\?next=%2Fq%3Fx-api-key%3D\[secret:k1:\w+\]%26c%3D1&z=9"$/,
    );
  });

  it('are cut from JSON inside strings, however often it was put into one', () => {
    fc.assert(
      fc.property(name, secret, fc.integer({ min: 1, max: 4 }), (header, value, levels) => {
        let text: unknown = { a: [1, { [header]: value, n: { [header]: 12345 } }] };
        for (let level = 0; level < levels; level++) text = { body: JSON.stringify(text) };
        let out = scrubJson(text) as { body: string };
        for (let level = 0; level < levels; level++) out = JSON.parse(out.body);
        expect(out).toEqual({ a: [1, { [header]: fp(value), n: { [header]: fp('12345') } }] });
      }),
    );
  });

  it('are cut under names written with escapes, and under each of several equal names', () => {
    const text = '{"x\\u002dapi\\u002Dkey":"s\\u0065cret","\\u0063ookie":"a","x-api-key":"b","x-api-key" : "c"}';
    const { text: out, secrets } = scrubber.scrub(text, true);
    expect(secrets).toBe(4);
    expect(out).toBe(
      `{"x\\u002dapi\\u002Dkey":"${fp('secret')}","\\u0063ookie":"${fp('a')}","x-api-key":"${fp('b')}","x-api-key" : "${fp('c')}"}`,
    );
  });

  it('never survive in text that does not parse, however it is broken', () => {
    const shape = fc.constantFrom(
      (n: string, s: string) => `{"headers":{"${n}":"${s}"},"a":1`,
      (n: string, s: string) => `{"a":1,"${n}" : "${s}`,
      (n: string, s: string) => `{"a":[{"name":"${n}","value":"${s}"}`,
      (n: string, s: string) => `{"a":[{"value":"${s}","name":"${n}"}`,
      (n: string, s: string) => `[["${n}","${s}"],`,
      (n: string, s: string) => `{'${n}': '${s}'}`,
      (n: string, s: string) => `{${n}: ${s}, b: 2}`,
      (n: string, s: string) => `time,${n},${s},x`,
      (n: string, s: string) => `${n}\t${s}\tx`,
      (n: string, s: string) => `level=info ${n}=${s} msg=x`,
      (n: string, s: string) => `10.0.0.1 - - "GET /p?${n}=${s}&b=2 HTTP/1.1" 200`,
      (n: string, s: string) => `${n}: ${s}`,
      (n: string, s: string) => `POST /\n${n}:${s}\nHost: h`,
      (n: string, s: string) => `{"body":"{\\"${n}\\":\\"${s}\\",\\"b\\":2}",`,
      (n: string, s: string) => `{"body":"{\\"b\\":\\"{\\\\\\"${n}\\\\\\":\\\\\\"${s}\\\\\\"}\\"}",`,
      (n: string, s: string) => `${JSON.stringify({ a: 1, [n]: [s, { b: s }] })}}`,
      (n: string, s: string) => `{"${escaped(n)}":"${escaped(s)}",,}`,
      (n: string, s: string) => `?${percent(n)}=${percent(s)}`,
      (n: string, s: string) => `<${n}>${s}</${n}><header name="${n}" value="${s}"/>`,
      (n: string, s: string) => `{"a":1,\\x22${n}\\x22:\\x22${s}\\x22}`,
      (n: string, s: string) => `"name": "${n}",\n  "type": "header",\n  "value": "${s}"\n}`,
    );
    fc.assert(
      fc.property(shape, token, secret, fc.constantFrom('utf8', 'latin1'), (write, header, value, encoding) => {
        const text = write(header, value);
        const out = scrubber.scrub(text, false, encoding as 'utf8' | 'latin1');
        for (const form of [value, escaped(value), percent(value)]) expect(out.text, text).not.toContain(form);
        expect(out.secrets).toBeGreaterThan(0);
        expect(scrubber.scrub(out.text, false)).toEqual({ text: out.text, secrets: 0 });
      }),
      { numRuns: 3_000 },
    );
  });

  it('of bytes that are no UTF-8 are cut byte by byte, and the fingerprint is over the bytes', () => {
    const bytes = Buffer.from([
      ...Buffer.from('{"x-api-key":"a'),
      0xff,
      0xa0,
      0xc3,
      ...Buffer.from('","b":"'),
      0xfe,
      0xa0,
      ...Buffer.from('"}'),
    ]);
    const { text } = scrubber.scrub(bytes.toString('latin1'), false, 'latin1');
    const marked = fingerprinter.fingerprint(Buffer.from([0x61, 0xff, 0xa0, 0xc3]));
    expect(Buffer.from(text, 'latin1')).toEqual(
      Buffer.from([...Buffer.from(`{"x-api-key":"${marked}","b":"`), 0xfe, 0xa0, ...Buffer.from('"}')]),
    );
  });
});

const escaped = (text: string) =>
  [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const percent = (text: string) => [...text].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('');

/** Places in any JSON where a string may stand, by what is put there. */
const NEUTRAL = fc.constantFrom(...NEUTRAL_NAMES);
const neutralText = fc.oneof(
  fc.string(),
  NEUTRAL,
  fc.webUrl({ withQueryParameters: true }),
  fc.constantFrom('wrong x-api-key, from 1.2.3.4', 'a=b; c', '100%', '\\u0041', 'monkey: cookies are nice'),
);
const neutralValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    neutralText,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(true, false, null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(NEUTRAL, fc.string()), tie('value'), { maxKeys: 4 }),
  ),
})).value;

describe('a scrubbed text', () => {
  it('is the very text where there is no secret', () => {
    fc.assert(
      fc.property(neutralValue, fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(scrubber.scrub(text, true)).toEqual({ text, secrets: 0 });
      }),
      { numRuns: 2_000 },
    );
  });

  it('parses as before, with every other value equal, wherever in any record the secret stood', () => {
    fc.assert(
      fc.property(
        neutralValue,
        neutralValue,
        name,
        secret,
        fc.constantFrom(undefined, 1),
        (a, b, header, value, indent) => {
          const record = {
            a,
            inner: [b, { [header]: value, also: b }],
            url: `/p?${encodeURIComponent(header)}=${value}&x=1`,
            b,
          };
          const text = JSON.stringify(record, null, indent);
          const out = scrubber.scrub(text, true);
          expect(out.text).not.toContain(value);
          expect(JSON.parse(out.text)).toEqual({
            ...JSON.parse(text),
            inner: [JSON.parse(JSON.stringify(b)), { [header]: fp(value), also: JSON.parse(JSON.stringify(b)) }],
            url: `/p?${encodeURIComponent(header)}=${fp(value)}&x=1`,
          });
          expect(scrubber.scrub(out.text, true)).toEqual({ text: out.text, secrets: 0 });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  const piece = fc.oneof(
    name,
    secret,
    neutralText,
    fc.constantFrom(
      '"',
      "'",
      '\\',
      '\\"',
      ':',
      ': ',
      '=',
      ',',
      '{',
      '}',
      '[',
      ']',
      '\n',
      '&',
      '?',
      '%22',
      '%3a',
      '%3D',
      ' ',
      '\\u002d',
      '<',
      '>',
      '"value":"',
      '"name":"',
      '=>',
      ';',
    ),
    fc.constantFrom(fp('x'), `"x-api-key":"${fp('y')}"`),
  );
  const mess = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

  it('is scrubbed for good: doing it again changes nothing, whatever the text', () => {
    fc.assert(
      fc.property(mess, (text) => {
        const once = scrubber.scrub(JSON.stringify({ text }), true);
        expect(scrubber.scrub(once.text, true)).toEqual({ text: once.text, secrets: 0 });
        const doubted = scrubber.scrub(text, false);
        expect(scrubber.scrub(doubted.text, false), doubted.text).toEqual({ text: doubted.text, secrets: 0 });
      }),
      { numRuns: 3_000 },
    );
  });

  it('is looked at closely whenever there is something to find', () => {
    fc.assert(
      fc.property(mess, fc.boolean(), (text, inJson) => {
        const whole = inJson ? JSON.stringify({ a: [text] }) : text;
        if (findSecrets(whole, inJson).length > 0) expect(mayHoldSecret(whole), whole).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('keeps its structure: what is cut are ranges in order, within the text and never empty', () => {
    fc.assert(
      fc.property(mess, fc.boolean(), (text, inJson) => {
        const whole = inJson ? JSON.stringify({ a: [text] }) : text;
        let last = 0;
        for (const cut of findSecrets(whole, inJson)) {
          expect(cut.from).toBeGreaterThanOrEqual(last);
          expect(cut.to).toBeGreaterThan(cut.from);
          last = cut.to;
        }
        expect(last).toBeLessThanOrEqual(whole.length);
        if (inJson) JSON.parse(scrubber.scrub(whole, true).text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps the names of keys, and what only sounds like a secret', () => {
    const record = {
      apiKeyName: 'billing-exporter',
      authentication: { accountId: '1001', keyName: 'billing', result: 'failure', reason: 'invalid-user-key' },
      description: "API key 'billing' was created. Reason: x-api-key was missing, 3 cookies",
      authorizationType: 'NONE',
      cookieConsent: 'yes',
      'x-api-key-id': '17',
      secretId: 'arn:x',
      preauthorization: 'p',
    };
    expect(scrubber.scrub(JSON.stringify(record), true)).toEqual({ text: JSON.stringify(record), secrets: 0 });
  });

  it('counts the secrets that were cut, and names version and key', () => {
    const { text, secrets } = scrubber.scrub('{"cookie":["a","b"],"x-api-key":"c"}', true);
    expect(secrets).toBe(3);
    expect(text.match(MARK)).toHaveLength(3);
    expect(scrubber).toMatchObject({ version: SCRUBBER_VERSION, keyId: 'k1' });
  });

  it('comes soon, whatever the text', () => {
    const HOSTILE = [
      'x-api-key:['.repeat(95_000),
      '"x-api-key" '.repeat(80_000),
      '="x-api-key",'.repeat(80_000),
      `x${'.'.repeat(1_000_000)}`,
      '%22x%2Dapi-key%22'.repeat(60_000),
      `${'\\'.repeat(1_000_000)}x-api-key`,
      "'x-api-key: a\n".repeat(70_000),
      '\\u0041%41'.repeat(100_000),
      `${'{"cookie":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
      `${'['.repeat(500_000)}"cookie"${']'.repeat(500_000)}`,
      '`cookie" '.repeat(100_000),
      'cookie/'.repeat(150_000),
      '%20='.repeat(250_000),
      `${'%a'.repeat(120)}=`.repeat(4_000),
    ];
    for (const text of HOSTILE) {
      expect(scrubber.scrub(text, false).text.length).toBeGreaterThan(0);
      expect(JSON.parse(scrubber.scrub(JSON.stringify({ text }), true).text)).toBeTypeOf('object');
    }
  });
});

describe('a name', () => {
  it('is known in any case', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('x-api-key', 'HTTP_X_API_SECRET_KEY', 'proxyAuthorization', 'set.cookie').chain(anyCase),
        (header) => {
          if (/[a-z]XAPI|[a-z]HTTP/.test(header)) return;
          expect(scrubJson({ [header]: 'v' })).toEqual({ [header]: fp('v') });
        },
      ),
    );
  });
});
