/**
 * The grammar of AWS's shared config and credentials files, one file at a time. It resembles ini and is not: a line
 * that begins with white space goes on with the setting above it, and a comment after a value needs a space before it.
 *
 * The rules are those of the "AWS SDKs and Tools Reference Guide", chapter "Shared config and credentials files".
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"

/**
 * Which of the two files: their sections are called differently.
 *
 * @category models
 * @since 0.1.0
 */
export type FileKind = "config" | "credentials"

/**
 * One setting and where it stands.
 *
 * @category models
 * @since 0.1.0
 */
export interface Setting {
  readonly value: string
  readonly kind: FileKind
  readonly file: string
  /** The first line is 1. */
  readonly line: number
  /** The settings below it, where its own line has no value, as in `s3 =`. Names are in lower case. */
  readonly nested: ReadonlyMap<string, Setting>
}

/**
 * What stands under one header, or under several with the same name.
 *
 * @category models
 * @since 0.1.0
 */
export interface Section {
  readonly name: string
  readonly file: string
  readonly line: number
  /** Its settings, names in lower case. */
  readonly settings: ReadonlyMap<string, Setting>
}

/**
 * Something that is passed over, and why.
 *
 * @category models
 * @since 0.1.0
 */
export interface Note {
  readonly file: string
  readonly line: number
  readonly detail: string
  /** The profile that somebody may have meant. */
  readonly profile?: string | undefined
}

/**
 * The sections of a file, or of both files together.
 *
 * @category models
 * @since 0.1.0
 */
export interface Sections {
  readonly profiles: ReadonlyMap<string, Section>
  readonly ssoSessions: ReadonlyMap<string, Section>
  readonly services: ReadonlyMap<string, Section>
  readonly notes: ReadonlyArray<Note>
}

/**
 * Which rule of the grammar is broken.
 *
 * @category models
 * @since 0.1.0
 */
export type Rule = "UnclosedHeader" | "OutsideSection" | "OutsideSetting" | "NoEqualsSign" | "NoName"

/**
 * Where a file stops making sense, and why; never the line itself, which may hold a secret.
 *
 * @category models
 * @since 0.1.0
 */
export interface GrammarFault {
  readonly rule: Rule
  readonly line: number
  readonly detail: string
}

const details: Readonly<Record<Rule, string>> = {
  UnclosedHeader: "this section's header does not end with ]",
  OutsideSection: "this line stands before the first section",
  OutsideSetting: "this line begins with white space, but there is no setting above it to go on with",
  NoEqualsSign: "this line is neither a [section], a key = value nor a comment",
  NoName: "there is no name before the equals sign"
}

type Draft = Setting & { value: string; readonly nested: Map<string, Setting> }
type DraftSection = Section & { readonly settings: Map<string, Draft> }
type Group = "profiles" | "ssoSessions" | "services"

const groups: Readonly<Record<string, Group>> = {
  profile: "profiles",
  "sso-session": "ssoSessions",
  services: "services"
}

const identifier = /^[\w\-/.%@:+]+$/
const header = /^(\S+)(?:\s+(.+))?$/
const comment = /^[#;]/

// A default profile without prefix gives way to one with it; until the end they are kept apart.
const plainDefault = "default without prefix"

type Place = { readonly group: Group; readonly name: string } | { readonly ignored: string }

const placeOf = (kind: FileKind, title: string): Place => {
  const [, first = "", rest] = header.exec(title) ?? []
  if (kind === "credentials") {
    return rest === undefined
      ? { group: "profiles", name: first }
      : { ignored: "a section of the credentials file has the profile's name alone" }
  }
  if (rest === undefined) {
    return first === "default"
      ? { group: "profiles", name: plainDefault }
      : { ignored: "a profile of the config file is called [profile name]" }
  }
  const group = groups[first]
  return group === undefined ? { ignored: "there are no sections of this kind" } : { group, name: rest }
}

const split = (line: string): readonly [name: string, value: string] | "NoEqualsSign" | "NoName" => {
  const content = line.trim().replace(/\s[#;].*$/, "")
  const equals = content.indexOf("=")
  if (equals < 0) return "NoEqualsSign"
  const name = content.slice(0, equals).trim().toLowerCase()
  return name === "" ? "NoName" : [name, content.slice(equals + 1).trim()]
}

class Reader {
  readonly found: Record<Group, Map<string, DraftSection>> = {
    profiles: new Map(),
    ssoSessions: new Map(),
    services: new Map()
  }
  readonly notes: Array<Note> = []
  private section: DraftSection | undefined
  private setting: Draft | undefined

  constructor(
    private readonly kind: FileKind,
    private readonly file: string
  ) {}

  /** Takes a line in; gives the rule it breaks. */
  read(text: string, line: number): Rule | undefined {
    if (text.trim() === "" || comment.test(text)) return undefined
    if (text.startsWith("[")) return this.readHeader(text, line)
    return /^\s/.test(text) ? this.readContinuation(text.trim(), line) : this.readSetting(text, line)
  }

  private draft(value: string, line: number): Draft {
    return { value, kind: this.kind, file: this.file, line, nested: new Map() }
  }

  private note(line: number, detail: string, profile?: string): void {
    this.notes.push({ file: this.file, line, detail, profile })
  }

  private readHeader(text: string, line: number): Rule | undefined {
    const content = text.replace(/[#;].*$/, "").trim()
    if (!content.endsWith("]")) return "UnclosedHeader"
    const title = content.slice(1, -1).trim()
    const place = placeOf(this.kind, title)
    const valid = "ignored" in place || place.name === plainDefault || identifier.test(place.name)
    const named = "ignored" in place ? undefined : this.found[place.group].get(place.name)
    this.section = named ?? { name: title, file: this.file, line, settings: new Map() }
    this.setting = undefined
    if ("ignored" in place) this.note(line, place.ignored, header.exec(title)?.[2] ?? title)
    else if (!valid) this.note(line, "this name holds a space or another character that no name has")
    else {
      this.section = named ?? { ...this.section, name: place.name }
      this.found[place.group].set(place.name, this.section)
    }
    return undefined
  }

  private readSetting(text: string, line: number): Rule | undefined {
    if (this.section === undefined) return "OutsideSection"
    const parts = split(text)
    if (typeof parts === "string") return parts
    const [name, value] = parts
    this.setting = this.draft(value, line)
    if (identifier.test(name)) this.section.settings.set(name, this.setting)
    else this.note(line, "this setting's name holds a space or another character that no name has")
    return undefined
  }

  private readContinuation(text: string, line: number): Rule | undefined {
    const { setting } = this
    const nests = setting !== undefined && (setting.value === "" || setting.nested.size > 0)
    // Only the text of a value can begin with a comment's sign.
    if (comment.test(text) && (setting === undefined || nests)) return undefined
    if (this.section === undefined) return "OutsideSection"
    if (setting === undefined) return "OutsideSetting"
    setting.value += `\n${text}`
    if (!nests) return undefined
    const parts = split(text)
    if (typeof parts === "string") return parts
    setting.nested.set(parts[0], this.draft(parts[1], line))
    return undefined
  }
}

const withOneDefault = ({ found: { profiles }, notes }: Reader): void => {
  const plain = profiles.get(plainDefault)
  if (plain === undefined) return
  profiles.delete(plainDefault)
  if (profiles.has("default")) {
    const { file, line } = plain
    notes.push({ file, line, detail: "[default] gives way to [profile default]", profile: "default" })
  } else profiles.set("default", { ...plain, name: "default" })
}

/**
 * Reads a file. What a name is wrong with is passed over with a note, as AWS's SDKs do; what breaks the grammar is a
 * fault.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (kind: FileKind, file: string, text: string): Either.Either<Sections, GrammarFault> => {
  const reader = new Reader(kind, file)
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const rule = reader.read(line, index + 1)
    if (rule !== undefined) return Either.left({ rule, line: index + 1, detail: details[rule] })
  }
  withOneDefault(reader)
  return Either.right({ ...reader.found, notes: reader.notes })
}

const together = (
  config: ReadonlyMap<string, Section>,
  credentials: ReadonlyMap<string, Section>
): ReadonlyMap<string, Section> => {
  const all = new Map(config)
  for (const [name, section] of credentials) {
    const known = all.get(name)
    const settings = new Map([...(known?.settings ?? []), ...section.settings])
    all.set(name, { ...(known ?? section), settings })
  }
  return all
}

/**
 * Both files as one: a setting that both state counts as the credentials file states it.
 *
 * @category combinators
 * @since 0.1.0
 */
export const merge = (config: Sections, credentials: Sections): Sections => ({
  profiles: together(config.profiles, credentials.profiles),
  ssoSessions: config.ssoSessions,
  services: config.services,
  notes: [...config.notes, ...credentials.notes]
})

/**
 * A file that is not there.
 *
 * @category constants
 * @since 0.1.0
 */
export const empty: Sections = { profiles: new Map(), ssoSessions: new Map(), services: new Map(), notes: [] }
