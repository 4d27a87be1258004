/** Cuts texts as the intake does, and shows what came of it. */
import { type Framed, Framer } from '../../src/core/framing.ts';

export const LIMITS = { recordBytesMax: 400 };

export function frame(
  text: string | Buffer,
  limits: { recordBytesMax: number } = LIMITS,
  chunks: number[] = [],
): Framed[] {
  const bytes = Buffer.from(text as string);
  const framer = new Framer(limits);
  const out: Framed[] = [];
  let from = 0;
  for (let index = 0; from < bytes.length; index++) {
    const size = chunks.length === 0 ? bytes.length : (chunks[index % chunks.length] ?? 1);
    for (const part of framer.push(Buffer.from(bytes.subarray(from, from + size)))) out.push(part);
    from += size;
  }
  return [...out, ...framer.end()];
}

/** Texts of records, reasons of what could not be framed. */
export function shown(framed: Framed[]): string[] {
  return framed.map((part) => (part.kind === 'record' ? part.bytes.toString() : `<${part.reason}> ${part.head}`));
}

export function values(framed: Framed[]): unknown[] {
  return framed.map((part) => (part.kind === 'record' ? JSON.parse(part.bytes.toString()) : part.reason));
}
