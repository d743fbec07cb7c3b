/**
 * Patterns as the clouds' policies write them.
 *
 * @since 0.1.0
 */

const special = /[.+^${}()|[\]\\]/g

/**
 * Whether a text is what a pattern says: `*` stands for any characters, `?` for one.
 *
 * @category predicates
 * @since 0.1.0
 */
export const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replace(special, "\\$&").replace(/\*+/g, ".*").replace(/\?/g, ".")}$`, "su").test(
    text
  )

/**
 * Whether a pattern stands for one text alone.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isPlain = (pattern: string): boolean => !/[*?]/.test(pattern)
