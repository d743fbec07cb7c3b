/**
 * Text of others as a terminal or a log may show it: on one line, without characters that steer, and bounded.
 */

// Control characters (C0, C1), invisible ones (bidirectional overrides among them), line ends and halves of pairs.
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu

/** The characters that any text of an error or explanation has at most. */
export const longestText = 4096

/**
 * The text with blanks in place of what steers a terminal, cut where it is longer than `longest` characters.
 */
export const printable = (text: string, longest: number = longestText): string => {
  if (text.length > longest) return `${printable(text.slice(0, longest - 1))}…`
  return text.replace(steering, " ")
}

/**
 * A value of data with every text in it {@link printable}, names of fields too. What is an object of a class is left
 * as it is.
 */
export const printableIn = <A>(value: A): A => {
  if (typeof value === "string") return printable(value) as A
  if (Array.isArray(value)) return value.map(printableIn) as A
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [printable(name), printableIn(field)])
  ) as A
}

/** What people call the clouds. */
export const vendors = { alibaba: "Alibaba Cloud", aws: "AWS" } as const

/** Parts of a message as sentences: those that are there, each with its full stop. */
export const sentences = (...parts: ReadonlyArray<string | undefined>): string =>
  parts
    .filter((part): part is string => part !== undefined && part !== "")
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(" ")

type Constructor = new (fields: unknown, ...rest: ReadonlyArray<unknown>) => object

/** Makes the fields of a class {@link printableIn}, whoever makes an instance. */
export const Printable = <C>(Base: C): C =>
  class extends (Base as unknown as Constructor) {
    constructor(fields: unknown, ...rest: ReadonlyArray<unknown>) {
      super(printableIn(fields), ...rest)
    }
  } as unknown as C
