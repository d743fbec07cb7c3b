/**
 * What is made of many samples. Only medians: the machine is shared, and its outliers tell nothing of the code.
 */

export const median = (samples: ReadonlyArray<number>): number => {
  const sorted = samples.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** The median of each round's ratio, so that a slow round is slow for both. */
export const medianRatio = (of: ReadonlyArray<number>, over: ReadonlyArray<number>): number =>
  median(of.map((sample, round) => sample / (over[round] ?? Number.NaN)))

/** How fast `y` grows with `x` where it grows fastest: 1 is linear, 0 is not at all. */
export const steepestGrowth = (x: ReadonlyArray<number>, y: ReadonlyArray<number>): number => {
  const steps = y.slice(1).map((to, index) => {
    const grown = to / (y[index] ?? Number.NaN)
    return Math.log(grown) / Math.log((x[index + 1] ?? Number.NaN) / (x[index] ?? Number.NaN))
  })
  return Math.max(...steps)
}
