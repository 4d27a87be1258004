/** The bytes that structure JSON text. */
export const TAB = 0x09;
export const NEWLINE = 0x0a;
export const RETURN = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_ARRAY = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
/** First of the three bytes of a byte order mark. */
export const BYTE_ORDER_MARK = 0xef;

const WHITE_SPACE = new Uint8Array(256);
for (const byte of [SPACE, TAB, NEWLINE, RETURN]) WHITE_SPACE[byte] = 1;

export function isWhiteSpaceByte(byte: number | undefined): boolean {
  return WHITE_SPACE[byte as number] === 1;
}
