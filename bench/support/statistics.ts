/**
 * What is made of many samples. Medians and quartiles: the machine is shared, and its outliers tell nothing of the code.
 */

export interface Spread {
  readonly median: number
  /** The quartiles: a half of all samples lies between them. */
  readonly low: number
  readonly high: number
}

const at = (sorted: ReadonlyArray<number>, part: number): number => {
  const place = (sorted.length - 1) * part
  const below = sorted[Math.floor(place)] ?? Number.NaN
  return below + ((sorted[Math.ceil(place)] ?? Number.NaN) - below) * (place % 1)
}

export const spread = (samples: ReadonlyArray<number>): Spread => {
  const sorted = samples.toSorted((a, b) => a - b)
  return { median: at(sorted, 0.5), low: at(sorted, 0.25), high: at(sorted, 0.75) }
}

export const median = (samples: ReadonlyArray<number>): number => spread(samples).median

/** Of each pair's ratio, so that what is slow for a moment is slow for both. */
export const ratios = (of: ReadonlyArray<number>, over: ReadonlyArray<number>): Spread =>
  spread(of.map((sample, pair) => sample / (over[pair] ?? Number.NaN)))

/** The exponent with which `y` grows from one x to the other: 1 is linear, 0 is not at all. */
export const growth = (
  [x0 = 0, x1 = 0]: ReadonlyArray<number>,
  [y0 = 0, y1 = 0]: ReadonlyArray<number>
): number => Math.log(y1 / y0) / Math.log(x1 / x0)
