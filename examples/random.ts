/** Randomness from a seed: the same seed gives the same numbers on every machine. */

export interface Random {
  /** From 0 up to, and without, 1. */
  readonly next: () => number;
  /** From 0 up to, and without, `end`. */
  readonly below: (end: number) => number;
  readonly pick: <T>(values: readonly [T, ...T[]]) => T;
  readonly chance: (probability: number) => boolean;
  /** Lower-case hexadecimal digits. */
  readonly hex: (digits: number) => string;
  /** How often something happens that happens `mean` times on average. */
  readonly poisson: (mean: number) => number;
}

const THREE_DIGITS = Array.from({ length: 4_096 }, (_, value) => value.toString(16).padStart(3, '0'));

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  // Mulberry32: 32 bits of state are plenty for examples, and integers are the same everywhere.
  const word = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const next = () => word() / 4_294_967_296;
  const below = (end: number) => Math.floor(next() * end);
  const hex = (digits: number) => {
    let text = '';
    while (text.length < digits) {
      const bits = word();
      text += (THREE_DIGITS[bits & 4_095] ?? '') + (THREE_DIGITS[(bits >>> 12) & 4_095] ?? '');
    }
    return text.slice(0, digits);
  };
  const poisson = (mean: number) => {
    // Knuth's: multiply until the product falls below e^-mean. Means are small here.
    const floor = Math.exp(-mean);
    let product = next();
    let count = 0;
    while (product > floor) {
      product *= next();
      count += 1;
    }
    return count;
  };
  return {
    next,
    below,
    pick: (values) => values[below(values.length)] ?? values[0],
    chance: (probability) => next() < probability,
    hex,
    poisson,
  };
}

/** One seed out of several numbers: so any part of a long series can be made without the parts before it. */
export function seedOf(...parts: readonly number[]): number {
  let seed = 0x9e3779b9;
  for (const part of parts) {
    seed = Math.imul(seed ^ (part >>> 0), 0x85ebca6b);
    seed = Math.imul(seed ^ (seed >>> 13), 0xc2b2ae35);
    seed ^= seed >>> 16;
  }
  return seed >>> 0;
}

/** A UUID of version 4 out of the seed's numbers. */
export function uuidOf(random: Random): string {
  const digits = random.hex(32);
  const variant = '89ab'[Number.parseInt(digits[16] ?? '0', 16) & 3];
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
}
