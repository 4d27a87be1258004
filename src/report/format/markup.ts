/** HTML from texts that strangers chose: nothing in them is markup, and nothing in them turns the line. */
import { isRightToLeft, plainText } from './readable.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For elements and attributes alike. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (one) => ESCAPES[one] ?? one);

/** An element; attributes are escaped, the content is HTML. */
export function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ''): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(String(value))}"`);
  return `<${name}${given.join('')}>${content}</${name}>`;
}

/** Text of an element, isolated where it is written in the other direction. */
export function textHtml(text: string): string {
  const plain = escapeHtml(plainText(text));
  return isRightToLeft(text) ? `<bdi>${plain}</bdi>` : plain;
}
