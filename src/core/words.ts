/** Numbers and nouns as sentences have them. Pure. */

/** `1 request`, `2 requests`; `address` → `addresses`, `country` → `countries`. */
export function plural(noun: string): string {
  if (/(?:s|x|ch|sh)$/.test(noun)) return `${noun}es`;
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** `12,431`, `0.25` */
export const grouped = (value: number): string => GROUPED.format(value);
