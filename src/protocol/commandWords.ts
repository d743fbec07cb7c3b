/**
 * The words of a command that no shell sees.
 *
 * The quotes are those of the "Shell Command Language" (POSIX.1-2017), without its expansions. On Windows a backslash
 * parts folders and escapes nothing but a quote.
 */
import * as Result from "effect/Result"

/** What tells paths apart. */
export type Platform = "windows" | "other"

/** A program and its arguments. */
export type Words = readonly [string, ...string[]]

interface Piece {
  readonly pattern: RegExp
  /** What it stands for. */
  readonly plain: (found: string) => string
  /** What a shell would look at in it. */
  readonly seen: (found: string) => string
}

const inner = (found: string): string => found.slice(1, -1)

const same = (found: string): string => found

const hidden = (): string => "_"

const single: Piece = { pattern: /'[^']*'/y, plain: inner, seen: hidden }

// Inside of these quotes a shell still expands variables and commands.
const inDouble = (found: string): string => found.replace(/\\.|[^$`%\w{(]/gs, "_")

const pieces: Readonly<Record<Platform, ReadonlyArray<Piece>>> = {
  other: [
    { pattern: /[^\s\\"']+/y, plain: same, seen: same },
    single,
    {
      pattern: /"(?:[^"\\]|\\.)*"/sy,
      plain: (found) =>
        inner(found).replace(/\\(["\\$`]|\n)/g, (_, escaped) => (escaped === "\n" ? "" : escaped)),
      seen: inDouble
    },
    { pattern: /\\./sy, plain: (found) => (found === "\\\n" ? "" : found.slice(1)), seen: hidden }
  ],
  windows: [
    { pattern: /[^\s"']+/y, plain: same, seen: same },
    single,
    {
      pattern: /"(?:[^"\\]|\\"|\\(?!"))*"/y,
      plain: (found) => inner(found).replaceAll('\\"', '"'),
      seen: inDouble
    }
  ]
}

// A word that begins like this is JSON, and its quotes belong to it.
const json = /\{(?:[^\s"]|"(?:[^"\\]|\\.)*")*/sy

const spaces = /\s*/y

const at = (pattern: RegExp, text: string, offset: number): string => {
  pattern.lastIndex = offset
  return pattern.exec(text)?.[0] ?? ""
}

interface Word {
  readonly plain: string
  readonly seen: string
}

const scan = (command: string, platform: Platform): ReadonlyArray<Word> | undefined => {
  const text = command.trim()
  const words: Array<Word> = []
  let offset = 0
  while (offset < text.length) {
    const start = offset
    let plain = at(json, text, offset)
    let seen = ""
    offset += plain.length
    while (offset < text.length && !/\s/.test(text.charAt(offset))) {
      const piece = pieces[platform].find(({ pattern }) => at(pattern, text, offset) !== "")
      if (piece === undefined) return undefined
      const found = at(piece.pattern, text, offset)
      plain += piece.plain(found)
      seen += piece.seen(found)
      offset += found.length
    }
    if (text.slice(start, offset) !== "\\\n") words.push({ plain, seen })
    offset += at(spaces, text, offset).length
  }
  return words
}

/** Parts a command into its words, or says what is wrong with it without quoting it. */
export const parse = (command: string, platform: Platform): Result.Result<Words, string> => {
  const words = scan(command, platform)
  if (words === undefined) return Result.fail("it has a quote that is not closed, or ends with a backslash")
  const [program, ...rest] = words.map(({ plain }) => plain)
  return program === undefined || program === ""
    ? Result.fail("it names no program")
    : Result.succeed([program, ...rest])
}

/** What a shell would make something of, and how it is told of. */
const meanings: ReadonlyArray<readonly [pattern: RegExp, name: string]> = [
  [/^~(?:[/\\\w]|$)/, "~"],
  [/\$\(/, "$(...)"],
  [/\$[\w{?*@#!$-]/, "$"],
  [/`/, "a backtick"],
  [/%\w+%/, "%...%"],
  [/&&/, "&&"],
  [/\|\|/, "||"],
  [/\|/, "|"],
  [/>/, ">"],
  [/</, "<"],
  [/;/, ";"],
  [/&$/, "&"],
  [/\*/, "*"]
]

const firstMeanings: ReadonlyArray<readonly [pattern: RegExp, name: string]> = [
  [/^[A-Za-z_]\w*=/, "a setting before the program"],
  [/^(?:\.|source|cd|export|eval|exec|set|alias|if|for|while|function)$/, "a shell's own command"]
]

/**
 * The first sign in a command that only a shell would understand, or none. A word may hold such a sign and be right, so
 * this explains a failure and foretells none.
 */
export const shellSyntax = (command: string, platform: Platform): string | undefined => {
  const seen = (scan(command, platform) ?? []).map((word) => word.seen)
  const meant = (word: string, among: typeof meanings) => among.find(([pattern]) => pattern.test(word))?.[1]
  const inFirst = meant(seen[0] ?? "", firstMeanings)
  if (inFirst !== undefined) return inFirst
  for (const word of seen) {
    const found = meant(word, meanings)
    if (found !== undefined) return found
  }
  return undefined
}
