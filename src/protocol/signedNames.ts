/** Which headers a signature covers. */

/** The names of headers in order, and as the one text that a signature states. */
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

/** Names that somebody else has put in order. */
export const namesOf = (text: string): SignedNames => make(text === "" ? [] : text.split(";"))

interface Known {
  readonly given: ReadonlyArray<string>
  readonly signed: SignedNames
}

const remembered = 8

const isSame = (names: ReadonlyArray<string>, others: ReadonlyArray<string>): boolean => {
  if (names.length !== others.length) return false
  for (let index = 0; index < names.length; index++) if (names[index] !== others[index]) return false
  return true
}

/**
 * The names that a scheme signs of a request's headers. A program's requests have few sets of headers, and sorting one
 * takes as long as hashing it: the latest are remembered.
 */
export const signedNames = (
  isSigned: (name: string) => boolean
): ((headers: Readonly<Record<string, string>>) => SignedNames) => {
  const latest: Array<Known> = []
  return (headers) => {
    const given = Object.keys(headers)
    for (const known of latest) if (isSame(given, known.given)) return known.signed
    const signed = make(given.filter(isSigned).sort())
    latest.unshift({ given, signed })
    latest.length = Math.min(latest.length, remembered)
    return signed
  }
}

/** Headers as canonical requests have them: a line each. */
export const linesOf = (
  { list, prefixes }: SignedNames,
  headers: Readonly<Record<string, string>>,
  trimmed: (value: string) => string
): string => {
  let lines = ""
  // By an index: pairs of entries() would take more memory than the text.
  for (let index = 0; index < list.length; index++) {
    lines += `${prefixes[index]}${trimmed(headers[list[index] as string] ?? "")}\n`
  }
  return lines
}
