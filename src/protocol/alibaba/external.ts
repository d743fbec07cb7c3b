/**
 * The command of a profile of mode External: its words, which no shell sees, and what it writes.
 *
 * The quotes are those of the "Shell Command Language" (POSIX.1-2017), without its expansions. On Windows a backslash
 * parts folders and escapes nothing but a quote.
 *
 * Source: "Configure credentials", chapter "External", Alibaba Cloud CLI documentation.
 */
import * as Result from "effect/Result"
import { beginning, onlyDocument } from "../commandOutput.js"
import { fromSeconds } from "../encoding.js"
import * as Json from "../json.js"
import type { Fault } from "./section.js"

/** What tells paths apart. */
export type Platform = "windows" | "other"

/** A program and its arguments. */
type Words = readonly [string, ...string[]]

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

const pieceAt = (platform: Platform, text: string, offset: number): readonly [Piece, string] | undefined => {
  for (const piece of pieces[platform]) {
    const found = at(piece.pattern, text, offset)
    if (found !== "") return [piece, found]
  }
  return undefined
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
    let plain = text[offset] === "{" ? at(json, text, offset) : ""
    let seen = ""
    offset += plain.length
    while (offset < text.length && !/\s/.test(text.charAt(offset))) {
      const next = pieceAt(platform, text, offset)
      if (next === undefined) return undefined
      const [piece, found] = next
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
export const parseWords = (command: string, platform: Platform): Result.Result<Words, string> => {
  const words = scan(command, platform)
  if (words === undefined) return Result.fail("it has a quote that is not closed, or ends with a backslash")
  const [program, ...rest] = words.map(({ plain }) => plain)
  return program === undefined || program === ""
    ? Result.fail("it does not name a program")
    : Result.succeed([program, ...rest])
}

/** What a shell would interpret, and how messages call it. */
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
 * The first sign in a command that only a shell would understand, if any. A word may rightly contain such a sign, so
 * this explains a failure and does not predict one.
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

/** How the document calls its fields. */
export const outputKeys = {
  id: "access_key_id",
  secret: "access_key_secret",
  token: "sts_token",
  expiration: "expiration"
} as const

/** The credentials that a document states. */
type ExternalOutput = { readonly [_ in keyof typeof outputKeys]: string | undefined }

const modes: ReadonlyArray<string> = ["ak", "ststoken"]

const fault = (reason: Fault["reason"], detail: string, hint?: string): Result.Result<never, Fault> =>
  Result.fail({ reason, detail: `the command's output ${detail}`, hint })

const misfit = (what: string): Fault => ({
  reason: "Malformed",
  detail: `in the command's output, ${what}`
})

/** The end as the profiles of the vendor's tool have it: in seconds since 1970. */
const sessionEnd = "sts_expiration"

/** Reads a document. Without a `mode` it is of mode `StsToken` where it has a token. */
export const parseOutput = (text: string): Result.Result<ExternalOutput, Fault> => {
  const json = Json.parse(text)
  if (json === undefined) return fault("Malformed", `is not a JSON object: ${beginning(text)}`, onlyDocument)
  return Result.gen(function* () {
    const { mode: stated, ...found } = yield* Result.mapError(
      Json.texts(json, { ...outputKeys, mode: "mode" }),
      misfit
    )
    const ends = yield* Result.mapError(Json.number(json, sessionEnd), misfit)
    const mode = stated?.trim().toLowerCase()
    if (mode !== undefined && !modes.includes(mode)) {
      return yield* fault("Unsupported", "has a mode other than AK and StsToken")
    }
    const missing = (["id", "secret", ...(mode === "ststoken" ? (["token"] as const) : [])] as const).find(
      (field) => found[field] === undefined
    )
    if (missing !== undefined) return yield* fault("Incomplete", `has no ${outputKeys[missing]}`)
    if (mode === "ak") return { ...found, token: undefined }
    if (found.expiration !== undefined || ends === undefined || ends === 0) return found
    const expiration = fromSeconds(ends)
    return expiration === undefined
      ? yield* fault("Malformed", `has a ${sessionEnd} that is not a date and time`)
      : { ...found, expiration }
  })
}
