/**
 * The grammar of AWS's shared config and credentials files, one file at a time. It resembles ini and is not: a line
 * that begins with white space continues the setting above it, unless it is a comment, and a comment after a value
 * needs a space before it.
 *
 * The rules are those of the "AWS SDKs and Tools Reference Guide", chapter "Shared config and credentials files". Names
 * of sections may be quoted as in a shell, as the AWS CLI writes them.
 */
import * as Result from "effect/Result"
import { isUtf16, utf16 } from "../settings.js"

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
const details: Readonly<Record<Rule, string>> = {
  Utf16: utf16,
  UnclosedHeader: "this section's header does not end with ]",
  OutsideSection: "this line comes before the first section; start the line of a [section] at the margin",
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
const isName = (text: string): boolean => /^[\w\-/.%@:+]+$/.test(text)

/** Whether a line, without white space at its beginning, is a comment. */
const isComment = (text: string): boolean => text.startsWith("#") || text.startsWith(";")

/**
 * The `default` profile without prefix. It gives way to one with it; until a file's end they are kept apart. No header
 * can spell it.
 */
export const plainDefault = "\ndefault"

/** Which section a header begins, or why it is ignored and which profile may have been meant. */
type Header =
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

const badName = "this name contains a space or another character that needs quotes"

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
      ? { passedOver: "in the credentials file, the header of a profile is its name alone", meant: rest }
      : { passedOver: badName, meant: `${first.text} ${rest}` }
  }
  if (second === undefined) {
    return first.text === "default"
      ? { group: "profiles", name: plainDefault }
      : { passedOver: "in the config file, the header of a profile is [profile name]", meant: first.text }
  }
  const group = first.quoted ? undefined : groups.get(first.text)
  if (group === undefined) return { passedOver: "there are no sections of this kind", meant: rest }
  return others.length === 0 ? named(group, second) : { passedOver: badName, meant: rest }
}

// The text of a header whose quotes make no sense, to find the profile that was meant.
const withoutQuotes = (title: string): string | undefined =>
  title
    .replace(/["'\\]/g, "")
    .trim()
    .split(/\s+/)
    .slice(-1)[0] || undefined

/** Reads a line that begins with a bracket. Its words are parted and quoted as in a shell. */
const header = (kind: FileKind, line: string): Header | "UnclosedHeader" => {
  const title = titleOf(line, 1, line.length)
  const end = title?.end ?? line.search(/[#;]|$/)
  const content = line.slice(0, end).trimEnd()
  if (!content.endsWith("]")) return "UnclosedHeader"
  const inside = titleOf(line, 1, content.length - 1)
  return title === undefined || inside === undefined
    ? { passedOver: "a quote in this header is not closed", meant: withoutQuotes(content.slice(1, -1)) }
    : headerOf(kind, inside.words)
}

/** The profile that a line begins, `""` where that is no profile; nothing where the line is no header. */
export const profileAt = (kind: FileKind, line: string): string | undefined => {
  if (!line.startsWith("[")) return undefined
  const found = header(kind, line)
  return found !== "UnclosedHeader" && "group" in found && found.group === "profiles" ? found.name : ""
}

/** Reads a setting's line: its name in lower case, and its value. */
const split = (line: string): readonly [name: string, value: string] | "NoEqualsSign" | "NoName" => {
  const text = line.trim()
  const comment = text.search(/\s[#;]/)
  const content = comment < 0 ? text : text.slice(0, comment)
  const equals = content.indexOf("=")
  if (equals < 0) return "NoEqualsSign"
  const name = content.slice(0, equals).trim().toLowerCase()
  return name === "" ? "NoName" : [name, content.slice(equals + 1).trim()]
}

/** One setting as its file has it, under its name. */
export interface Entry {
  /** Its text, without the space around it. */
  readonly value: string
  /** Which of the two files it is in. */
  readonly kind: FileKind
  /** The file's path. */
  readonly file: string
  /** The first line is 1. */
  readonly line: number
  /** The settings below it, where its own line has no value, as in `s3 =`. Names are in lower case. */
  readonly nested: ReadonlyMap<string, Entry>
}

/**
 * A line of a section that is no setting of its own: it is indented below one, or its name is none that a setting has.
 */
export interface Aside {
  /** What is before the equals sign, in lower case; undefined where there is none. */
  readonly key: string | undefined
  /** The setting that it is indented below. */
  readonly below: string | undefined
  /** How it goes on with that setting: as part of its text, or as a setting nested in it. */
  readonly as: "text" | "nested" | "header" | "badName"
  /** The file's path. */
  readonly file: string
  /** The first line is 1. */
  readonly line: number
}

/** What is under one header, or under several with the same name. */
export interface Section {
  /** What the header says, without the kind of section. */
  readonly name: string
  /** The file's path. */
  readonly file: string
  /** Of its first header. The first line is 1. */
  readonly line: number
  /** Its settings, names in lower case. */
  readonly settings: ReadonlyMap<string, Entry>
  /** Its lines that are no settings of their own. */
  readonly asides: ReadonlyArray<Aside>
  /** Where both files state the profile: what the config file says and the credentials file overrules. */
  readonly overruled?: ReadonlyMap<string, Entry> | undefined
}

/** Something that is passed over, and why. */
export interface Note {
  /** What is passed over: a header, a setting, or a setting that another file overrules. */
  readonly about: "header" | "setting" | "overruled"
  /** The file's path. */
  readonly file: string
  /** The first line is 1. */
  readonly line: number
  /** Why, in words. */
  readonly detail: string
  /** The profile that may have been meant, or whose setting is overruled. */
  readonly profile?: string | undefined
  /** The setting that another one overrules. */
  readonly key?: string | undefined
  /** What is under the header that is ignored. */
  readonly section?: Section | undefined
}

/** The sections of a file, or of both files together. */
export interface Sections {
  /** Profiles by their names. */
  readonly profiles: ReadonlyMap<string, Section>
  /** Sessions of IAM Identity Center by their names. */
  readonly ssoSessions: ReadonlyMap<string, Section>
  /** Settings of services by their sections' names. */
  readonly services: ReadonlyMap<string, Section>
  /** What is passed over. */
  readonly notes: ReadonlyArray<Note>
}

/** Where a file stops making sense, and why; never the line itself, which may hold a secret. */
export interface GrammarFault {
  readonly rule: Rule
  readonly line: number
  readonly detail: string
}

type Draft = Entry & { value: string; readonly nested: Map<string, Entry> }
type DraftSection = Section & { readonly settings: Map<string, Draft>; readonly asides: Array<Aside> }

class Reader {
  readonly found: Record<Group, Map<string, DraftSection>> = {
    profiles: new Map(),
    ssoSessions: new Map(),
    services: new Map()
  }
  readonly notes: Array<Note> = []
  private section: DraftSection | undefined
  private setting: Draft | undefined
  private key = ""

  constructor(
    private readonly kind: FileKind,
    private readonly file: string
  ) {}

  /** Takes a line in; gives the rule it breaks. */
  read(line: string, number: number): Rule | undefined {
    const text = line.trim()
    if (text === "" || isComment(text)) return undefined
    if (line.startsWith("[")) return this.readHeader(line, number)
    return /^\s/.test(line) ? this.readContinuation(text, number) : this.readSetting(text, number)
  }

  private draft(value: string, line: number): Draft {
    return { value, kind: this.kind, file: this.file, line, nested: new Map() }
  }

  private begin(name: string, line: number): DraftSection {
    return { name, file: this.file, line, settings: new Map(), asides: [] }
  }

  private readHeader(text: string, line: number): Rule | undefined {
    const found = header(this.kind, text)
    if (found === "UnclosedHeader") return found
    this.setting = undefined
    if ("passedOver" in found) {
      const { meant: profile, passedOver: detail } = found
      this.section = this.begin(profile ?? "", line)
      this.notes.push({ about: "header", file: this.file, line, detail, profile, section: this.section })
      return undefined
    }
    const { group, name } = found
    this.section = this.found[group].get(name) ?? this.begin(name, line)
    this.found[group].set(name, this.section)
    return undefined
  }

  private readSetting(text: string, line: number): Rule | undefined {
    if (this.section === undefined) return "OutsideSection"
    const parts = split(text)
    if (typeof parts === "string") return parts
    const [key, value] = parts
    this.setting = this.draft(value, line)
    this.key = key
    if (isName(key)) {
      this.section.settings.set(key, this.setting)
      return undefined
    }
    const detail = "this setting's name contains a space or another character that a name cannot have"
    this.notes.push({ about: "setting", file: this.file, line, detail })
    this.section.asides.push({ key, below: undefined, as: "badName", file: this.file, line })
    return undefined
  }

  private readContinuation(text: string, line: number): Rule | undefined {
    const { section, setting } = this
    if (section === undefined) return "OutsideSection"
    if (setting === undefined) return "OutsideSetting"
    const nests = setting.value === "" || setting.nested.size > 0
    const parts = split(text)
    if (nests && typeof parts === "string") return parts
    setting.value += `\n${text}`
    const key = typeof parts === "string" ? undefined : parts[0]
    if (nests && typeof parts !== "string") setting.nested.set(parts[0], this.draft(parts[1], line))
    const as = nests ? "nested" : this.noteHeader(text, line) ? "header" : "text"
    section.asides.push({ key, below: this.key, as, file: this.file, line })
    return undefined
  }

  /** A header that is indented begins no section: the settings below it are those of the section above. */
  private noteHeader(text: string, line: number): boolean {
    const found = text.startsWith("[") ? header(this.kind, text) : "UnclosedHeader"
    if (found === "UnclosedHeader" || "passedOver" in found) return false
    const detail =
      "this header is indented, so it continues the setting above it; start the line at the margin"
    const profile = found.name === plainDefault ? "default" : found.name
    this.notes.push({ about: "header", file: this.file, line, detail, profile })
    return true
  }
}

const withOneDefault = ({ found: { profiles }, notes }: Reader): ReadonlyMap<string, Section> => {
  const plain = profiles.get(plainDefault)
  if (plain === undefined) return profiles
  const givesWay = profiles.has("default")
  if (givesWay) {
    const { file, line } = plain
    const detail = "[profile default] takes precedence over [default]"
    notes.push({ about: "header", file, line, detail, profile: "default", section: plain })
  }
  return new Map(
    Array.from(profiles.values())
      .filter((section) => section !== plain || !givesWay)
      .map((section) => (section === plain ? { ...section, name: "default" } : section))
      .map((section) => [section.name, section])
  )
}

/**
 * Reads a file. What a name is wrong with is passed over with a note, as AWS's SDKs do; what breaks the grammar is a
 * fault.
 */
export const parse = (kind: FileKind, file: string, text: string): Result.Result<Sections, GrammarFault> => {
  const fault = (rule: Rule, line: number) => Result.fail({ rule, line, detail: details[rule] })
  const content = text.replace(/^\uFEFF/, "")
  if (isUtf16(content)) return fault("Utf16", 1)
  const reader = new Reader(kind, file)
  for (const [index, line] of content.split(/\r\n|\n|\r/).entries()) {
    const rule = reader.read(line, index + 1)
    if (rule !== undefined) return fault(rule, index + 1)
  }
  return Result.succeed({ ...reader.found, profiles: withOneDefault(reader), notes: reader.notes })
}

/** A file that is not there. */
export const empty: Sections = { profiles: new Map(), ssoSessions: new Map(), services: new Map(), notes: [] }
