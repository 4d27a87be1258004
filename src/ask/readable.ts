/** Cells, numbers and CSV as people read them, for rooms that print answers of their own. */
export { formatCsv } from './format/csv.ts';
export { humanNumber, scaleOf } from './format/human.ts';
export { cutTo, pad, readableText, strong, textWidth, visible, visibleJson, wrapped } from './format/text.ts';
