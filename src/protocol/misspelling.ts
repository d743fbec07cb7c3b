/**
 * Names that look like a slip of the pen.
 *
 * @since 0.1.0
 */

/** How many letters to add, drop, change or swap to make one name of the other. */
const distance = (from: string, to: string): number => {
  const rows: Array<ReadonlyArray<number>> = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current.push(
        Math.min(
          at(row - 1, column) + 1,
          (current[column - 1] ?? 0) + 1,
          at(row - 1, column - 1) + (same ? 0 : 1),
          swapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY
        )
      )
    }
    rows.push(current)
  }
  return at(from.length, to.length)
}

const slips = 2

/**
 * The known name that somebody may have meant: at most two slips away, whatever the case.
 *
 * @category decoding
 * @since 0.1.0
 */
export const meant = (name: string, known: Iterable<string>): string | undefined => {
  let best: string | undefined
  let fewest = slips + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > slips) continue
    const count = distance(name.toLowerCase(), candidate.toLowerCase())
    if (count < fewest) {
      best = candidate
      fewest = count
    }
  }
  return best
}
