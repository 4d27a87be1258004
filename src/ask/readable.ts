/** Cells and numbers as people read them, for rooms that print answers of their own. */
export { humanNumber, scaleOf } from './format/human.ts';
export { cutTo, pad, readableText, textWidth, visible } from './format/text.ts';
