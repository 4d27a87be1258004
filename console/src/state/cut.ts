/** Text is as long as somebody liked: what stands in a line or a sentence is cut, and is whole in its event. */
const CHARS_MAX = 1_500;

export function cut(text: string, charsMax = CHARS_MAX): string {
  if (text.length <= charsMax) return text;
  // Half of a pair is no character.
  return `${text.slice(0, charsMax).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
