/** The grammar of the lines of AWS's shared config and credentials files. */
import { utf16 } from "../settings.js"

/** Which of the two files: their sections are called differently. */
export type FileKind = "config" | "credentials"

/** Which rule of the grammar is broken. */
export type Rule =
  | "Utf16"
  | "UnclosedHeader"
  | "OutsideSection"
  | "OutsideSetting"
  | "NoEqualsSign"
  | "NoName"

/** What to say of each rule. */
export const details: Readonly<Record<Rule, string>> = {
  Utf16: utf16,
  UnclosedHeader: "this section's header does not end with ]",
  OutsideSection: "this line stands before the first section; start the line of a [section] at the margin",
  OutsideSetting:
    "this line begins with white space, but there is no setting above it to continue; start the line at the margin",
  NoEqualsSign: "this line is neither a [section], a key = value nor a comment",
  NoName: "there is no name before the equals sign"
}

/** What a section is for. */
export type Group = "profiles" | "ssoSessions" | "services"

const groups: ReadonlyMap<string, Group> = new Map([
  ["profile", "profiles"],
  ["sso-session", "ssoSessions"],
  ["services", "services"]
])

/** What a setting may be called, and a profile without quotes. */
export const isName = (text: string): boolean => /^[\w\-/.%@:+]+$/.test(text)

/** Whether a line, without white space at its beginning, is a comment. */
export const isComment = (text: string): boolean => text.startsWith("#") || text.startsWith(";")

/**
 * The `default` profile without prefix. It gives way to one with it; until a file's end they are kept apart. No header
 * can spell it.
 */
export const plainDefault = "\ndefault"

/** Which section a header begins, or why it is passed over and which profile somebody may have meant. */
export type Header =
  | { readonly group: Group; readonly name: string }
  | { readonly passedOver: string; readonly meant?: string | undefined }

interface Word {
  readonly text: string
  /** Whether quotes or backslashes say that each of its characters is meant. */
  readonly quoted: boolean
}

interface Title {
  readonly words: ReadonlyArray<Word>
  /** Where the line ends, or its comment begins. */
  readonly end: number
}

/**
 * The words of a header as a shell parts them, up to a comment; undefined where a quote is not closed.
 *
 * @param from Behind the bracket that opens the header.
 */
const titleOf = (line: string, from: number, to: number): Title | undefined => {
  const words: Array<Word> = []
  let text = ""
  let begun = false
  let quoted = false
  let quote: string | undefined
  let index = from
  for (; index < to; index++) {
    const character = line[index] as string
    const next = line[index + 1]
    if (quote === "'" || (quote === '"' && character !== "\\")) {
      if (character === quote) quote = undefined
      else text += character
    } else if (character === "\\" && index + 1 < to) {
      // Between double quotes it stands for itself before all else.
      text += quote === undefined || next === '"' || next === "\\" ? next : character + next
      begun = quoted = true
      index++
    } else if (character === "#" || character === ";") {
      break
    } else if (character === '"' || character === "'") {
      quote = character
      begun = quoted = true
    } else if (/\s/.test(character)) {
      if (begun) words.push({ text, quoted })
      text = ""
      begun = quoted = false
    } else {
      text += character
      begun = true
    }
  }
  if (begun) words.push({ text, quoted })
  return quote === undefined ? { words, end: index } : undefined
}

const badName = "this name holds a space or another character that a name can hold only in quotes"

const named = (group: Group, { quoted, text }: Word): Header => {
  if (text === "") return { passedOver: "this name is empty" }
  return quoted || isName(text) ? { group, name: text } : { passedOver: badName, meant: text }
}

const headerOf = (kind: FileKind, words: ReadonlyArray<Word>): Header => {
  const [first, second, ...others] = words
  const rest = words
    .slice(1)
    .map(({ text }) => text)
    .join(" ")
  if (first === undefined) return { passedOver: "this header has no name" }
  if (kind === "credentials") {
    if (second === undefined) return named("profiles", first)
    const prefixed = groups.has(first.text)
    return prefixed
      ? { passedOver: "a section of the credentials file has the profile's name alone", meant: rest }
      : { passedOver: badName, meant: `${first.text} ${rest}` }
  }
  if (second === undefined) {
    return first.text === "default"
      ? { group: "profiles", name: plainDefault }
      : { passedOver: "a profile of the config file is called [profile name]", meant: first.text }
  }
  const group = first.quoted ? undefined : groups.get(first.text)
  if (group === undefined) return { passedOver: "there are no sections of this kind", meant: rest }
  return others.length === 0 ? named(group, second) : { passedOver: badName, meant: rest }
}

// What a header says whose quotes make no sense, for who looks for the profile that was meant.
const withoutQuotes = (title: string): string | undefined =>
  title
    .replace(/["'\\]/g, "")
    .trim()
    .split(/\s+/)
    .slice(-1)[0] || undefined

/** Reads a line that begins with a bracket. Its words are parted and quoted as in a shell. */
export const header = (kind: FileKind, line: string): Header | "UnclosedHeader" => {
  const title = titleOf(line, 1, line.length)
  const end = title?.end ?? line.search(/[#;]|$/)
  const content = line.slice(0, end).trimEnd()
  if (!content.endsWith("]")) return "UnclosedHeader"
  const inside = titleOf(line, 1, content.length - 1)
  return title === undefined || inside === undefined
    ? { passedOver: "a quote in this header is not closed", meant: withoutQuotes(content.slice(1, -1)) }
    : headerOf(kind, inside.words)
}

/** Reads a setting's line: its name in lower case, and its value. */
export const split = (line: string): readonly [name: string, value: string] | "NoEqualsSign" | "NoName" => {
  const text = line.trim()
  const comment = text.search(/\s[#;]/)
  const content = comment < 0 ? text : text.slice(0, comment)
  const equals = content.indexOf("=")
  if (equals < 0) return "NoEqualsSign"
  const name = content.slice(0, equals).trim().toLowerCase()
  return name === "" ? "NoName" : [name, content.slice(equals + 1).trim()]
}
