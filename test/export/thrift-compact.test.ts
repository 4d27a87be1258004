import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readStruct, type ThriftStruct, type ThriftValue, TYPE, writeStruct } from '../../src/export/thrift-compact.ts';

const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));
const integer = (bits: number) => fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n });

const { value } = fc.letrec<{ value: ThriftValue; struct: ThriftStruct; list: ThriftValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<ThriftValue>({ type: TYPE.true }, { type: TYPE.false }),
    bytes(1, 1).map((one) => ({ type: TYPE.byte, bytes: one })),
    bytes(8, 8).map((eight) => ({ type: TYPE.double, bytes: eight })),
    bytes(0, 200).map((some) => ({ type: TYPE.binary, bytes: some })),
    integer(16).map((number) => ({ type: TYPE.i16, integer: number })),
    integer(64).map((number) => ({ type: TYPE.i64, integer: number })),
    tie('list'),
    tie('struct'),
  ),
  list: fc
    .oneof(
      fc.array(
        integer(32).map((number) => ({ type: TYPE.i32, integer: number }) as ThriftValue),
        { maxLength: 20 },
      ),
      fc.array(fc.constantFrom<ThriftValue>({ type: TYPE.true }, { type: TYPE.false }), { maxLength: 20 }),
      fc.array(tie('struct'), { maxLength: 20 }),
    )
    .map((elements) => ({
      type: TYPE.list,
      elementType: elements[0]?.type === TYPE.false ? TYPE.true : (elements[0]?.type ?? TYPE.byte),
      elements,
    })),
  struct: fc
    .array(fc.tuple(fc.integer({ min: 1, max: 32_767 }), tie('value')), { maxLength: 8 })
    .map((fields) => ({ type: TYPE.struct, fields: new Map(fields) })),
}));

it('whatever a footer says is the same after it was read and written again', () => {
  fc.assert(
    fc.property(value, (inner) => {
      const struct: ThriftStruct = { type: TYPE.struct, fields: new Map([[1, inner]]) };
      expect(readStruct(writeStruct(struct))).toEqual(struct);
    }),
  );
});

it('a structure that is cut is an error and not another structure', () => {
  const whole = writeStruct({
    type: TYPE.struct,
    fields: new Map<number, ThriftValue>([
      [1, { type: TYPE.i64, integer: 123_456_789n }],
      [40, { type: TYPE.binary, bytes: Buffer.from('text') }],
    ]),
  });
  for (let length = 0; length < whole.length; length++) expect(() => readStruct(whole.subarray(0, length))).toThrow();
});
