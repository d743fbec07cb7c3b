/**
 * How long is measured.
 */

export interface Scale {
  readonly quick: boolean
  readonly rounds: number
  /** Of one contender in one round; CPU. */
  readonly sliceMillis: number
  readonly warmUpMillis: number
}

export const scale = (quick: boolean): Scale =>
  quick
    ? { quick, rounds: 3, sliceMillis: 100, warmUpMillis: 1_500 }
    : { quick, rounds: 11, sliceMillis: 300, warmUpMillis: 1_500 }
