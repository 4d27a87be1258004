/**
 * How high the parts of a bar are drawn: true to scale as a whole, and no part so low that it is overlooked.
 *
 * @param leastPx of each part that is not zero
 * @returns heights in pixels, the lowest part first
 */
export function heightsOf(values: readonly number[], pxPerUnit: number, leastPx: readonly number[]): number[] {
  const heights = values.map((value, at) => (value > 0 ? Math.max(leastPx[at] ?? 0, value * pxPerUnit) : 0));
  const whole = values.reduce((sum, value) => sum + Math.max(0, value), 0) * pxPerUnit;
  // What the low parts were given is taken from the highest, so that the bar still ends at its sum.
  const highest = heights.indexOf(Math.max(...heights));
  const spare = Math.max(0, (heights[highest] ?? 0) - (leastPx[highest] ?? 0));
  const given = heights.reduce((sum, height) => sum + height, 0) - whole;
  return heights.map((height, at) => (at === highest ? height - Math.min(given, spare) : height));
}
