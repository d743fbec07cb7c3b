/**
 * How long is measured.
 */

export interface Scale {
  readonly quick: boolean
  readonly rounds: number
  /** Of one contender in one round. */
  readonly sliceMillis: number
  readonly warmUpMillis: number
}

export const scale = (quick: boolean): Scale =>
  quick
    ? { quick, rounds: 3, sliceMillis: 80, warmUpMillis: 150 }
    : { quick, rounds: 9, sliceMillis: 500, warmUpMillis: 1_500 }
