/**
 * Which headers a signature covers.
 *
 * @since 4.0.0
 */

/**
 * The names of headers in order, and as the one text that a signature states.
 *
 * @category models
 * @since 4.0.0
 */
export interface SignedNames {
  readonly list: ReadonlyArray<string>
  readonly text: string
}

/**
 * Names that somebody else has put in order.
 *
 * @category constructors
 * @since 4.0.0
 */
export const namesOf = (text: string): SignedNames => ({ list: text.split(";"), text })

interface Known {
  readonly given: ReadonlyArray<string>
  readonly signed: SignedNames
}

const remembered = 8

const isOf =
  (names: ReadonlyArray<string>) =>
  ({ given }: Known): boolean =>
    given.length === names.length && given.every((name, index) => name === names[index])

/**
 * The names that a scheme signs of a request's headers. A program's requests have few sets of headers, and sorting one
 * takes as long as hashing it: the latest are remembered.
 *
 * @category constructors
 * @since 4.0.0
 */
export const signedNames = (
  isSigned: (name: string) => boolean
): ((headers: Readonly<Record<string, string>>) => SignedNames) => {
  const latest: Array<Known> = []
  return (headers) => {
    const given = Object.keys(headers)
    const known = latest.find(isOf(given))
    if (known !== undefined) return known.signed
    const list = given.filter(isSigned).sort()
    const signed = { list, text: list.join(";") }
    latest.unshift({ given, signed })
    latest.length = Math.min(latest.length, remembered)
    return signed
  }
}
