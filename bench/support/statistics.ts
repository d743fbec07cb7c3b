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

/**
 * How fast `y` grows with `x`: the exponent of the power that fits best. 1 is linear, 0 is not at all.
 */
export const growth = (x: ReadonlyArray<number>, y: ReadonlyArray<number>): number => {
  const points = x.map((value, index) => [Math.log(value), Math.log(y[index] ?? Number.NaN)] as const)
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length
  const [meanX, meanY] = [mean(0), mean(1)]
  const rise = points.reduce((sum, [a, b]) => sum + (a - meanX) * (b - meanY), 0)
  return rise / points.reduce((sum, [a]) => sum + (a - meanX) ** 2, 0)
}
