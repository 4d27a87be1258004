import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Framed, Framer } from '../../src/core/framing.ts';
import { DEAD_LETTER_HEAD_BYTES, RECORD_BYTES_MAX } from '../../src/core/limits.ts';
import { frame, LIMITS, shown, values } from './support.ts';

const record = fc
  .record({ id: fc.nat(), text: fc.string(), nested: fc.jsonValue({ maxDepth: 3 }) })
  .map((value) => JSON.parse(JSON.stringify(value)) as object);
const records = fc.array(record, { maxLength: 8 });
const chunkSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const LARGE = { recordBytesMax: 100_000 };

const SHAPES: Record<string, (items: object[]) => string> = {
  ndjson: (items) => items.map((item) => `${JSON.stringify(item)}\n`).join(''),
  'ndjson without a last newline': (items) => items.map((item) => JSON.stringify(item)).join('\n'),
  'ndjson with CRLF': (items) => items.map((item) => `${JSON.stringify(item)}\r\n`).join(''),
  'ndjson with a byte order mark': (items) => `\ufeff${items.map((item) => `${JSON.stringify(item)}\n`).join('')}`,
  'texts without anything between them': (items) => items.map((item) => JSON.stringify(item)).join(''),
  'pretty texts': (items) => items.map((item) => JSON.stringify(item, null, 2)).join('\n'),
  'texts without indentation over lines': (items) =>
    items.map((item) => JSON.stringify(item, null, 1).replace(/\n +/g, '\n')).join('\n'),
  array: (items) => JSON.stringify(items),
  'pretty array': (items) => JSON.stringify(items, null, 2),
  'array with a record on each line': (items) => `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]\n`,
  Records: (items) => JSON.stringify({ Records: items }),
  'pretty entries with links behind': (items) => JSON.stringify({ entries: items, links: [{ href: 'a"]}' }] }, null, 4),
  'entries with links before': (items) => JSON.stringify({ links: [{ rel: 'self', href: '["{' }, []], entries: items }),
  'entries behind members that no record has': (items) =>
    JSON.stringify({ accountId: 1001, page: { '"}': ['a'] }, more: true, entries: items, _links: [{ href: 'a"]}' }] }),
  'pretty Records behind members that no record has': (items) =>
    JSON.stringify({ next: null, total: -1.5e3, links: [], Records: items, id: 1 }, null, 2),
  'lines that are each a container': (items) =>
    items.map((item) => `${JSON.stringify({ Records: [item], NextToken: 'x', more: [1, { a: 2 }], n: 5 })}\n`).join(''),
  'two lists in one container': (items) =>
    JSON.stringify({ entries: items.slice(0, 2), total: 7, Records: items.slice(2) }),
};

describe('framing', () => {
  for (const [name, write] of Object.entries(SHAPES)) {
    it(`gives each record of ${name} once, in order, however it is chunked`, () => {
      fc.assert(
        fc.property(records, chunkSizes, (items, chunks) => {
          const text = write(items);
          const whole = frame(text, LARGE);
          expect(values(whole)).toEqual(items);
          expect(frame(text, LARGE, chunks)).toEqual(whole);
        }),
        { numRuns: 60 },
      );
    });
  }

  it('tells where each record stands in the stream', () => {
    fc.assert(
      fc.property(records, fc.constantFrom(...Object.values(SHAPES)), (items, write) => {
        const bytes = Buffer.from(write(items));
        let last = 0;
        for (const part of frame(bytes, LARGE)) {
          expect(part.position).toBeGreaterThanOrEqual(last);
          if (part.kind === 'record') expect(bytes.subarray(part.position, part.next)).toEqual(part.bytes);
          last = part.next;
        }
        expect(last).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });

  const piece = fc.oneof(
    fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', '\n', '\r\n', ' ', '  ', '{"a":1}', '{"a":[', '"Records"'),
    fc.constantFrom(
      '{"Records":[',
      '{"entries":[',
      '{"links":[],"entries":[',
      '{"n":1,"entries":[',
      ',"entries":[{',
      '{"id":1,"b":{"c":"d"}}',
      '\ufeff',
      'csv,text',
      '\\"',
    ),
    fc.constantFrom('[\n  {\n    "id": 1\n  },\n  {', '{"id":', '"x-api-key"', 'null', '12', '\n{', '\n[', '\n  {'),
    fc.string({ maxLength: 3 }),
  );
  const mess = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

  it('depends on the bytes alone, never on how they were chunked, whatever the bytes are', () => {
    fc.assert(
      fc.property(mess, chunkSizes, fc.integer({ min: 5, max: 60 }), (text, chunks, recordBytesMax) => {
        expect(frame(text, { recordBytesMax }, chunks)).toEqual(frame(text, { recordBytesMax }));
      }),
      { numRuns: 2_000 },
    );
  });

  it('knows an escaped character wherever a chunk ends', () => {
    for (const text of [
      '[{"a":"x\\\n"},{"b":1}]',
      '[{"a":"x\\"},{\\\\"}]',
      '[{"a":"x\\\n{"b":1}\n',
      '[{"a":"\\\\"},{"b":1}]',
    ]) {
      for (const chunks of [[1], [2], [3], [7]]) expect(frame(text, LARGE, chunks)).toEqual(frame(text, LARGE));
    }
    expect(shown(frame('[{"a":"x\\"},{"},{"b":1}]', LARGE, [1]))).toEqual(['{"a":"x\\"},{"}', '{"b":1}']);
  });

  it('loses no text: what is neither white space nor structure of a container comes out, once and in order', () => {
    fc.assert(
      fc.property(mess, (text) => {
        const bytes = Buffer.from(text);
        let last = 0;
        let between = '';
        for (const part of frame(bytes, LARGE)) {
          expect(part.position).toBeGreaterThanOrEqual(last);
          expect(part.next).toBeGreaterThanOrEqual(part.position);
          between += bytes.subarray(last, part.position).toString();
          last = part.next;
        }
        between += bytes.subarray(last).toString();
        if (!/Records|entries/.test(text)) expect(between.replace(/[\s,[\]\ufeff]/g, '')).toBe('');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a broken record harms only itself', () => {
  const good = fc.array(record, { minLength: 1, maxLength: 5 });

  it('in NDJSON, wherever it was cut', () => {
    fc.assert(
      fc.property(good, record, good, fc.nat(), (before, broken, after, at) => {
        const text = JSON.stringify(broken);
        const cut = text.slice(0, 1 + (at % (text.length - 1)));
        const lines = [
          ...before.map((item) => JSON.stringify(item)),
          cut,
          ...after.map((item) => JSON.stringify(item)),
        ];
        const out = frame(`${lines.join('\n')}\n`, LARGE);
        expect(out.every((part) => part.kind === 'record')).toBe(true);
        expect(shown(out)).toEqual(lines.map((line) => line.trim()));
      }),
      { numRuns: 500 },
    );
  });

  it('in a pretty array, wherever a line of it is missing', () => {
    const items = [1, 2, 3, 4].map((id) => ({ id, request: { path: '/a', headers: [{ name: 'h' }, { name: 'i' }] } }));
    const lines = JSON.stringify(items, null, 2).split('\n');
    const second = lines.findIndex((line) => line.includes('"id": 2'));
    const third = lines.findIndex((line) => line.includes('"id": 3'));
    for (let missing = second; missing < third - 2; missing++) {
      const out = shown(frame(lines.filter((_, index) => index !== missing).join('\n'), LARGE));
      const whole = out.filter((text) =>
        [1, 3, 4].some((id) => text === JSON.stringify(items[id - 1], null, 2).replace(/\n/g, '\n  ')),
      );
      expect(whole, `without line ${lines[missing]}`).toHaveLength(3);
    }
  });

  it('in a list on one line, where a bracket or a quote is missing', () => {
    const items = [1, 2, 3].map((id) => ({ id, user: { name: 'a' }, list: [{ x: 1 }] }));
    for (const broken of ['{"id":2,"user":{"name":"a"},"list":[{"x":1}]', '{"id":2,"user":{"name":"a"']) {
      const text = `{"Records":[${JSON.stringify(items[0])},${broken},${JSON.stringify(items[2])}]}`;
      const out = shown(frame(text, LARGE));
      expect(out).toContain(JSON.stringify(items[0]));
      expect(out).toContain(JSON.stringify(items[2]));
    }
  });

  it('and gives a swallowed line back', () => {
    expect(shown(frame('{"a":\n{"b":1}\n{"c":1}\n'))).toEqual(['{"a":', '{"b":1}', '{"c":1}']);
    expect(shown(frame('{"a":[\n{"b":1}\n{"c":1}\n'))).toEqual(['{"a":[', '{"b":1}', '{"c":1}']);
    expect(shown(frame('{"a":1,\n{"b":1}'))).toEqual(['{"a":1,', '{"b":1}']);
  });

  it('and garbage between records is a text of its own', () => {
    expect(shown(frame('[{"a":1},,{"b":1},]'))).toEqual(['{"a":1}', ',', '{"b":1}', ',']);
    expect(shown(frame('{"a":1},\n{"b":1},\n'))).toEqual(['{"a":1}', ',', '{"b":1}', ',']);
    expect(shown(frame('[{"a":1},7,"x",{"b":1},oops]'))).toEqual(['{"a":1}', '7', '"x"', '{"b":1}', 'oops']);
    expect(shown(frame('{"a":1} oops\n{"b":1}}\n{"c":1}'))).toEqual(['{"a":1}', 'oops', '{"b":1}}', '{"c":1}']);
    expect(shown(frame('\0\0\n{"c":1}'))).toEqual(['\0\0', '{"c":1}']);
  });

  it('and elements that are no objects are each a text of their own', () => {
    const text = '[{"a":1},null,5,"x, y",[1,[2,3]],{"b":1},true , -1.5]';
    const texts = ['{"a":1}', 'null', '5', '"x, y"', '[1,[2,3]]', '{"b":1}', 'true', '-1.5'];
    expect(shown(frame(text))).toEqual(texts);
    expect(shown(frame(text, LIMITS, [1]))).toEqual(texts);
    expect(shown(frame(`{"Records":${text}}`))).toEqual(texts);
    expect(shown(frame('[{"a":1},7,,"x",]'))).toEqual(['{"a":1}', '7', ',', '"x"', ',']);
    const long = `"${'y'.repeat(LIMITS.recordBytesMax)}"`;
    expect(shown(frame(`[{"a":1},${long},7]`, LIMITS, [9]))).toEqual(['{"a":1}', `<record-too-large> ${long}`, '7']);
  });

  it('and a truncated container does not take the container on the next line with it', () => {
    const out = shown(frame('{"Records":[{"a":1},{"b":\n{"Records":[{"c":1}]}\n[{"d":1}\n[{"e":1}]'));
    expect(out).toEqual(['{"a":1}', '{"b":', '{"c":1}', '{"d":1}', '<container-truncated> ', '{"e":1}']);
  });
});

describe('text that is no JSON', () => {
  it('is one record per line, so that each bad line is a dead letter with its text', () => {
    expect(shown(frame('time,key,ip\n2024-01-01,"a, b",1.2.3.4\r\n\n"quoted",2\n[error] x\n'))).toEqual([
      'time,key,ip',
      '2024-01-01,"a, b",1.2.3.4',
      '"quoted",2',
      '[error] x',
    ]);
  });

  it('keeps an indented line with the line before it, so that a name and its secret are not parted', () => {
    expect(shown(frame('"name": "x-api-key",\n  "value": "abc"\n}\n{"a":1}'))).toEqual([
      '"name": "x-api-key",\n  "value": "abc"\n}',
      '{"a":1}',
    ]);
    expect(shown(frame('["x-api-key",\n "abc"\n]\n'))).toEqual(['["x-api-key",\n "abc"\n]']);
  });

  it('keeps elements together from one on that may be the name of a secret', () => {
    expect(shown(frame('[{"a":1},"x-api-key","abc"]'))).toEqual(['{"a":1}', '"x-api-key","abc"']);
    for (const name of ['"Authorization"', '"X\\u002dApi-Key"', '["set-cookie"]', '"Cookie:"']) {
      const text = `[{"a":1},5,${name},"Bearer","abc",{"b":1},6,7]`;
      const texts = ['{"a":1}', '5', `${name},"Bearer","abc"`, '{"b":1}', '6', '7'];
      expect(shown(frame(text))).toEqual(texts);
      expect(shown(frame(text, LIMITS, [1]))).toEqual(texts);
    }
  });

  it('of nothing, or of white space, gives nothing', () => {
    for (const text of ['', ' \n\r\n\t', '\ufeff', '[]', '[ ]\n', '{"Records":[]}', '{"links":[],"entries":[ ]}']) {
      expect(frame(text)).toEqual([]);
    }
  });
});

describe('a container that is cut at its end', () => {
  it('keeps its records and gives exactly one dead letter, wherever it was cut', () => {
    const items = [{ a: 1 }, { b: '}]' }, { c: [1, { d: 2 }] }];
    for (const text of [
      JSON.stringify(items),
      JSON.stringify(items, null, 2),
      JSON.stringify({ Records: items }),
      JSON.stringify({ entries: items, links: [{ a: 1 }] }),
    ]) {
      const start = text.indexOf('[') + 1;
      for (let end = text.indexOf('{', start) + 1; end < text.length; end++) {
        const out = frame(text.slice(0, end));
        const cut = out.filter((part) => part.kind === 'unframed');
        expect(
          cut.map((part) => part.reason),
          text.slice(0, end),
        ).toEqual(['container-truncated']);
        const whole = items.filter((item) =>
          out.some(
            (part) =>
              part.kind === 'record' && JSON.stringify(JSON.parse(part.bytes.toString())) === JSON.stringify(item),
          ),
        );
        expect(out).toHaveLength(whole.length + 1);
      }
    }
  });

  it('says why a stream ended before its end exactly once', () => {
    for (const text of [
      '{"a":1}\n{"b":',
      '{"a":1}\n',
      '[{"a":1},{"b"',
      'text',
      '',
      '{"Records":[{"a":1}]}',
      '{"Records":[{"a":1}],"li',
    ]) {
      const framer = new Framer(LIMITS);
      const out = [...framer.push(Buffer.from(text)), ...framer.end('container-damaged')];
      expect(
        out.flatMap((part) => (part.kind === 'unframed' ? [part.reason] : [])),
        text,
      ).toEqual(['container-damaged']);
    }
  });
});

describe('limits', () => {
  it('a record at the limit is framed, one byte more is not, and reading goes on behind it', () => {
    const fits = `{"a":"${'x'.repeat(LIMITS.recordBytesMax - 8)}"}`;
    expect(fits).toHaveLength(LIMITS.recordBytesMax);
    const large = fits.replace('x', 'xy');
    for (const write of [
      (a: string) => `${a}\n{"b":1}\n`,
      (a: string) => `${a}{"b":1}`,
      (a: string) => `[${a},{"b":1}]`,
    ]) {
      expect(shown(frame(write(fits)))).toEqual([fits, '{"b":1}']);
      for (const chunks of [[], [7], [100]]) {
        const [first, second] = frame(write(large), LIMITS, chunks);
        const digest = createHash('sha256').update(large).digest('hex');
        expect(first).toMatchObject({ kind: 'unframed', reason: 'record-too-large', bytes: large.length, digest });
        expect(second).toMatchObject({ kind: 'record', bytes: Buffer.from('{"b":1}') });
      }
    }
  });

  it('a record of 20 MiB is counted and hashed without being held', () => {
    const framer = new Framer();
    const hash = createHash('sha256');
    const out: Framed[] = [];
    let held = 0;
    let length = 0;
    const push = (text: string) => {
      hash.update(text);
      length += text.length;
      out.push(...framer.push(Buffer.from(text)));
      held = Math.max(held, framer.heldBytes);
    };
    push('{"a":"');
    for (let part = 0; part < 320; part++) push('y'.repeat(65_536));
    push('"}');
    const digest = hash.digest('hex');
    out.push(...framer.push(Buffer.from('\n{"b":1}\n')), ...framer.end());
    expect(out).toMatchObject([{ reason: 'record-too-large', bytes: length, digest }, { kind: 'record' }]);
    expect(out[0]?.kind === 'unframed' && out[0].head.length).toBe(DEAD_LETTER_HEAD_BYTES);
    expect(held).toBeLessThanOrEqual(RECORD_BYTES_MAX + 65_536);
  });

  it('a text that is broken and beyond the limit gives back the records that it swallowed', () => {
    const lines = ['{"a":[', ...Array.from({ length: 100 }, (_, id) => `{"id":${id}},`)];
    const out = shown(frame(`${lines.join('\n')}\n{"z":1}\n`));
    expect(out.filter((text) => text.startsWith('{"id"'))).toHaveLength(100);
    expect(out).toContain('{"z":1}');
  });

  it('300,000 records of a list on one line are read in constant memory', () => {
    const framer = new Framer();
    let held = 0;
    let count = 0;
    framer.push(Buffer.from('{"Records":['));
    for (let part = 0; part < 300; part++) {
      const text = Array.from({ length: 1_000 }, (_, id) => `{"eventID":"${part}-${id}","eventVersion":"1.08"}`).join(
        ',',
      );
      count += framer.push(Buffer.from(part === 0 ? text : `,${text}`)).length;
      held = Math.max(held, framer.heldBytes);
    }
    count += framer.push(Buffer.from(']}\n')).length + framer.end().length;
    expect(count).toBe(300_000);
    expect(held).toBeLessThan(200);
  });

  it('pushes of one byte each cost no copy of all that is held', () => {
    const text = `{"a":"${'x'.repeat(200_000)}"}\n[{"b":${'['.repeat(1_000)}`;
    const framer = new Framer();
    const out: Framed[] = [];
    for (const byte of Buffer.from(text)) out.push(...framer.push(Buffer.of(byte)));
    out.push(...framer.end());
    expect(out.map((part) => part.kind)).toEqual(['record', 'unframed']);
  });
});

describe('an object that holds a list', () => {
  it('is a record where a member that records have stands before the list', () => {
    for (const name of ['id', 'time', 'eventTime', 'eventID', 'eventName', 'eventVersion', 'request', 'class_uid']) {
      const text = JSON.stringify({ n: 1, [name]: 2, entries: [{ a: 1 }] });
      expect(shown(frame(`${text}\n${text}`))).toEqual([text, text]);
    }
    for (const name of ['metadata', 'type', 'action', 'description']) {
      const text = JSON.stringify({ [name]: 'x', Records: [{ a: 1 }] });
      expect(shown(frame(text))).toEqual([text]);
    }
  });

  it('is a record where members stand before a list that holds no objects', () => {
    for (const list of ['["x"]', '[1,{"a":1}]', '{"a":[{"b":1}]}', '7']) {
      expect(shown(frame(`{"n":1,"entries":${list}}`))).toEqual([`{"n":1,"entries":${list}}`]);
    }
    expect(shown(frame('{"n":{"entries":[{"a":1}]}}'))).toEqual(['{"n":{"entries":[{"a":1}]}}']);
    expect(frame('{"n":1,"entries":[ ]}')).toEqual([]);
  });

  it('is looked at for 64 KiB, and is a record where the list begins behind them', () => {
    const write = (length: number) => `{"n":"${'x'.repeat(length)}","entries":[{"a":1}]}`;
    const fits = 65_536 - write(0).indexOf('{"a"') - 1;
    for (const chunks of [[], [1], [1_000]]) {
      expect(shown(frame(write(fits), LARGE, chunks))).toEqual(['{"a":1}']);
      expect(shown(frame(write(fits + 1), LARGE, chunks))).toEqual([write(fits + 1)]);
    }
  });

  it('may be an element of another list, and stays whole in it', () => {
    const items = ['{"n":1,"entries":[{"a":1}]}', '{"n":2,"entries":[]}'];
    expect(shown(frame(`[\n${items.join(',\n')}\n]`))).toEqual(items);
  });
});
