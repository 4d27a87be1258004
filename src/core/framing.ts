/** Cutting bytes into records: streams of them, and single messages. */
export { isGzip, looksLikeContainer } from './framing/head.ts';
export { cutReason, expandGzip, frameMessage, type MessageLimits } from './framing/message.ts';
export { type CutReason, Framer } from './framing/stream.ts';
export type { Framed, FramedRecord, Unframed } from './framing/text.ts';
