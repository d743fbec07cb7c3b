/** Patterns as the clouds' policies write them. */

/**
 * Whether a text is what a pattern says: `*` stands for any characters, `?` for one. Takes at most as many steps as
 * the product of both lengths, whatever the pattern.
 */
export const matches = (pattern: string, text: string): boolean => {
  const parts = Array.from(pattern)
  const characters = Array.from(text)
  let at = 0
  let part = 0
  // The last `*`, and how far it has been stretched: a later one never needs an earlier one to stretch again.
  let star = -1
  let stretched = 0
  while (at < characters.length) {
    if (parts[part] === "*") {
      star = part++
      stretched = at
    } else if (part < parts.length && (parts[part] === "?" || parts[part] === characters[at])) {
      part++
      at++
    } else if (star >= 0) {
      part = star + 1
      at = ++stretched
    } else {
      return false
    }
  }
  while (parts[part] === "*") part++
  return part === parts.length
}

/** Whether a pattern stands for one text alone. */
export const isPlain = (pattern: string): boolean => !/[*?]/.test(pattern)
