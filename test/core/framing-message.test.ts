import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Framed, frameMessage } from '../../src/core/framing.ts';

const texts = Array.from({ length: 200 }, (_, id) => `{"id":${id},"square":${id * id}}`);

const shown = (framed: Framed[]) =>
  framed.map((part) => (part.kind === 'record' ? part.bytes.toString() : part.reason));

describe('a message that holds several records', () => {
  it('is split, in each shape of a container and compressed or not', () => {
    for (const text of [
      `[${texts}]`,
      `{"Records":[${texts}]}`,
      texts.join('\n'),
      `{"entries":[${texts}],"links":[]}`,
    ]) {
      expect(shown(frameMessage(Buffer.from(text)))).toEqual(texts);
      expect(shown(frameMessage(gzipSync(text)))).toEqual(texts);
    }
  });

  it('that is compressed and cut keeps the records before the cut', () => {
    const value = gzipSync(texts.join('\n'));
    for (let end = 2; end < value.length; end += 41) {
      const out = shown(frameMessage(value.subarray(0, end)));
      expect(out.at(-1)).toBe('container-truncated');
      expect(out.slice(0, -1)).toEqual(texts.slice(0, out.length - 1));
    }
  });

  it('that is compressed and damaged keeps the records before the damage', () => {
    const value = gzipSync(texts.join('\n'));
    value.writeUInt8(value.readUInt8(value.length - 7) ^ 0xff, value.length - 7);
    expect(shown(frameMessage(value))).toEqual([...texts, 'container-damaged']);
    const behind = Buffer.concat([gzipSync(texts.join('\n')), Buffer.from('garbage')]);
    expect(shown(frameMessage(behind))).toEqual([...texts, 'container-damaged']);
  });

  it('that expands to the bound is split, and one byte more is one dead letter of the whole message', () => {
    const text = texts.join('\n');
    expect(shown(frameMessage(gzipSync(text), { messageExpandedBytesMax: text.length }))).toEqual(texts);
    const value = gzipSync(text);
    expect(frameMessage(value, { messageExpandedBytesMax: text.length - 1 })).toMatchObject([
      { reason: 'container-too-large', bytes: value.length, head: value, position: 0, next: value.length },
    ]);
  });
});
