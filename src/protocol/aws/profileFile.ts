/**
 * The grammar of AWS's shared config and credentials files, one file at a time. It resembles ini and is not: a line
 * that begins with white space goes on with the setting above it, and a comment after a value needs a space before it.
 *
 * The rules are those of the "AWS SDKs and Tools Reference Guide", chapter "Shared config and credentials files".
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import {
  details,
  type FileKind,
  type Group,
  header,
  isComment,
  isName,
  plainDefault,
  type Rule,
  split
} from "./profileGrammar.js"

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
  /** The setting of that profile which another one overrules. */
  readonly key?: string | undefined
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

type Draft = Setting & { value: string; readonly nested: Map<string, Setting> }
type DraftSection = Section & { readonly settings: Map<string, Draft> }
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
    if (text.trim() === "" || isComment(text)) return undefined
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
    const found = header(this.kind, text)
    if (found === "UnclosedHeader") return found
    this.setting = undefined
    if ("passedOver" in found) {
      this.note(line, found.passedOver, found.meant)
      this.section = { name: "", file: this.file, line, settings: new Map() }
      return undefined
    }
    const { group, name } = found
    this.section = this.found[group].get(name) ?? { name, file: this.file, line, settings: new Map() }
    this.found[group].set(name, this.section)
    return undefined
  }

  private readSetting(text: string, line: number): Rule | undefined {
    if (this.section === undefined) return "OutsideSection"
    const parts = split(text)
    if (typeof parts === "string") return parts
    const [name, value] = parts
    this.setting = this.draft(value, line)
    if (isName(name)) this.section.settings.set(name, this.setting)
    else this.note(line, "this setting's name holds a space or another character that no name has")
    return undefined
  }

  private readContinuation(text: string, line: number): Rule | undefined {
    const { setting } = this
    const nests = setting !== undefined && (setting.value === "" || setting.nested.size > 0)
    // Only the text of a value can begin with a comment's sign.
    if (isComment(text) && (setting === undefined || nests)) return undefined
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

const withOneDefault = ({ found: { profiles }, notes }: Reader): ReadonlyMap<string, Section> => {
  const plain = profiles.get(plainDefault)
  if (plain === undefined) return profiles
  const givesWay = profiles.has("default")
  if (givesWay) {
    const { file, line } = plain
    notes.push({ file, line, detail: "[default] gives way to [profile default]", profile: "default" })
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
  return Either.right({ ...reader.found, profiles: withOneDefault(reader), notes: reader.notes })
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

const overruled = (config: Sections["profiles"], credentials: Sections["profiles"]): ReadonlyArray<Note> =>
  Array.from(config.values()).flatMap(({ name, settings }) =>
    Array.from(credentials.get(name)?.settings ?? []).flatMap(([key, by]) => {
      const setting = settings.get(key)
      if (setting === undefined) return []
      const detail = `${by.file}:${by.line} states it too and counts instead`
      return [{ file: setting.file, line: setting.line, detail, profile: name, key }]
    })
  )

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
  notes: [...config.notes, ...credentials.notes, ...overruled(config.profiles, credentials.profiles)]
})

/**
 * A file that is not there.
 *
 * @category constants
 * @since 0.1.0
 */
export const empty: Sections = { profiles: new Map(), ssoSessions: new Map(), services: new Map(), notes: [] }
