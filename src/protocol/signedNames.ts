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
  /** Each with a colon after it. */
  readonly prefixes: ReadonlyArray<string>
  readonly text: string
}

const make = (list: ReadonlyArray<string>): SignedNames => ({
  list,
  prefixes: list.map((name) => `${name}:`),
  text: list.join(";")
})

/**
 * Names that somebody else has put in order.
 *
 * @category constructors
 * @since 4.0.0
 */
export const namesOf = (text: string): SignedNames => make(text === "" ? [] : text.split(";"))

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
    const signed = make(given.filter(isSigned).sort())
    latest.unshift({ given, signed })
    latest.length = Math.min(latest.length, remembered)
    return signed
  }
}
