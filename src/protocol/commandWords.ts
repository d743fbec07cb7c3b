/**
 * The words of a command that no shell sees.
 *
 * The quotes are those of the "Shell Command Language" (POSIX.1-2017), without its expansions. On Windows a backslash
 * parts folders and escapes nothing but a quote.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"

/**
 * What tells paths apart.
 *
 * @category models
 * @since 0.1.0
 */
export type Platform = "windows" | "other"

/**
 * A program and its arguments.
 *
 * @category models
 * @since 0.1.0
 */
export type Words = readonly [string, ...string[]]

interface Piece {
  readonly pattern: RegExp
  readonly plain: (found: string) => string
}

const inner = (found: string): string => found.slice(1, -1)

const same = (found: string): string => found

const single: Piece = { pattern: /'[^']*'/y, plain: inner }

const pieces: Readonly<Record<Platform, ReadonlyArray<Piece>>> = {
  other: [
    { pattern: /[^\s\\"']+/y, plain: same },
    single,
    {
      pattern: /"(?:[^"\\]|\\.)*"/sy,
      plain: (found) =>
        inner(found).replace(/\\(["\\$`]|\n)/g, (_, escaped) => (escaped === "\n" ? "" : escaped))
    },
    { pattern: /\\./sy, plain: (found) => (found === "\\\n" ? "" : found.slice(1)) }
  ],
  windows: [
    { pattern: /[^\s"']+/y, plain: same },
    single,
    { pattern: /"(?:[^"\\]|\\"|\\(?!"))*"/y, plain: (found) => inner(found).replaceAll('\\"', '"') }
  ]
}

// A word that begins like this is JSON, and its quotes belong to it.
const json = /\{(?:[^\s"]|"(?:[^"\\]|\\.)*")*/sy

const spaces = /\s*/y

const at = (pattern: RegExp, text: string, offset: number): string => {
  pattern.lastIndex = offset
  return pattern.exec(text)?.[0] ?? ""
}

/**
 * Parts a command into its words, or says what is wrong with it without quoting it.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (command: string, platform: Platform): Either.Either<Words, string> => {
  const text = command.trim()
  const words: Array<string> = []
  let offset = 0
  while (offset < text.length) {
    const start = offset
    let word = at(json, text, offset)
    offset += word.length
    while (offset < text.length && !/\s/.test(text.charAt(offset))) {
      const piece = pieces[platform].find(({ pattern }) => at(pattern, text, offset) !== "")
      if (piece === undefined)
        return Either.left("it has a quote that is not closed, or ends with a backslash")
      const found = at(piece.pattern, text, offset)
      word += piece.plain(found)
      offset += found.length
    }
    if (text.slice(start, offset) !== "\\\n") words.push(word)
    offset += at(spaces, text, offset).length
  }
  const [program, ...rest] = words
  return program === undefined || program === ""
    ? Either.left("it names no program")
    : Either.right([program, ...rest])
}
