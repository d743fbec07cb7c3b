/** Names that look like a slip of the pen. */

/** What two names differ in: without the letters that both begin and end with. */
const difference = (from: string, to: string): readonly [from: string, to: string] => {
  const shorter = Math.min(from.length, to.length)
  let start = 0
  while (start < shorter && from[start] === to[start]) start++
  let end = 0
  while (end < shorter - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end++
  return [from.slice(start, from.length - end), to.slice(start, to.length - end)]
}

/**
 * How many letters to add, drop, change or swap to make one name of the other; more than `most` where there are more.
 * Cells further than that from the diagonal cannot count, and most names are told apart by their first letters.
 */
const distance = (one: string, other: string, most: number): number => {
  const far = most + 1
  const [from, to] = difference(one, other)
  if (from.length === 0 || to.length === 0) return Math.max(from.length, to.length)
  let before: Array<number> = []
  let above = Array.from({ length: to.length + 1 }, (_, column) => column)
  let current = above.map(() => far)
  for (let row = 1; row <= from.length; row++) {
    const last = Math.min(to.length, row + most)
    let least = far
    for (let column = Math.max(0, row - most - 1); column <= last; column++) {
      let count = column === 0 ? row : far
      if (column > 0 && column >= row - most) {
        const same = from[row - 1] === to[column - 1]
        const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
        count = Math.min(
          (above[column] ?? far) + 1,
          (current[column - 1] ?? far) + 1,
          (above[column - 1] ?? far) + (same ? 0 : 1),
          swapped ? (before[column - 2] ?? far) + 1 : far
        )
      }
      current[column] = count
      if (count < least) least = count
    }
    if (last < to.length) current[last + 1] = far
    if (least > most) return far
    const free = before.length === 0 ? above.map(() => far) : before
    before = above
    above = current
    current = free
  }
  return above[to.length] ?? far
}

const slips = 2

/**
 * The known name that somebody may have meant: at most two slips away, or as many as are stated, whatever the case.
 */
export const meant = (name: string, known: Iterable<string>, most: number = slips): string | undefined => {
  const lower = name.toLowerCase()
  let best: string | undefined
  let fewest = most + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= fewest) continue
    const count = distance(lower, candidate.toLowerCase(), fewest - 1)
    if (count < fewest) {
      best = candidate
      fewest = count
    }
  }
  return best
}
