/**
 * The grammar of AWS's shared config and credentials files, one file at a time, and both files as one. It resembles ini
 * and is not: a line that begins with white space goes on with the setting above it, unless it is a comment, and a
 * comment after a value needs a space before it.
 *
 * The rules are those of the "AWS SDKs and Tools Reference Guide", chapter "Shared config and credentials files". Names
 * of sections may be quoted as in a shell, as the AWS CLI writes them.
 */
import * as Result from "effect/Result"
import { isUtf16 } from "../settings.js"
import type { AwsKey } from "../settingTable.js"
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

/** One setting as its file has it, under its name. */
export interface Entry {
  /** Its text, without the space around it. */
  readonly value: string
  /** Which of the two files it stands in. */
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
  /** What stands before the equals sign, in lower case; nothing where there is none. */
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

/** What stands under one header, or under several with the same name. */
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
  /** The profile that somebody may have meant, or whose setting is overruled. */
  readonly profile?: string | undefined
  /** The setting that another one overrules. */
  readonly key?: string | undefined
  /** What stands under the header that is passed over. */
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
    const detail = "this setting's name holds a space or another character that a name cannot hold"
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
      "this header is indented and goes on with the setting above it; start the line at the margin"
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
    const detail = "[default] gives way to [profile default]"
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

/** The settings of a key pair, and the older name of one. */
export const keys = {
  id: "aws_access_key_id",
  secret: "aws_secret_access_key",
  token: "aws_session_token",
  oldToken: "aws_security_token"
} as const satisfies Readonly<Record<string, AwsKey>>

/** A file that is not there. */
export const empty: Sections = { profiles: new Map(), ssoSessions: new Map(), services: new Map(), notes: [] }

type Settings = Section["settings"]

/** Whether a file has part in a profile's key pair. A token that is blank is none. */
const statesPair = (settings: Settings): boolean =>
  settings.has(keys.id) ||
  settings.has(keys.secret) ||
  [keys.token, keys.oldToken].some((key) => (settings.get(key)?.value ?? "") !== "")

// Id, secret and token belong together: parts of two pairs are nobody's credentials, or somebody else's.
const settingsOf = (config: Settings, credentials: Settings): Settings => {
  const settings = new Map([...config, ...credentials])
  if (!statesPair(config)) return settings
  const pair = statesPair(credentials) ? credentials : config
  for (const key of Object.values(keys)) {
    const setting = pair.get(key)
    if (setting === undefined) settings.delete(key)
    else settings.set(key, setting)
  }
  return settings
}

const together = (config: Section, credentials: Section): Section => {
  const settings = settingsOf(config.settings, credentials.settings)
  const overruled = new Map([...config.settings].filter(([key, setting]) => settings.get(key) !== setting))
  return { ...config, settings, overruled, asides: [...config.asides, ...credentials.asides] }
}

const notesOf = ({ name, overruled = new Map(), settings }: Section): ReadonlyArray<Note> =>
  [...overruled].map(([key, { file, line }]) => {
    const by = settings.get(key)
    const detail =
      by === undefined
        ? "the credentials file states a key pair, which counts with what stands beside it alone"
        : `${by.file}:${by.line} states it too, and takes precedence`
    return { about: "overruled", file, line, detail, profile: name, key }
  })

/**
 * Both files as one: a setting that both state counts as the credentials file states it, and a key pair counts as one
 * file states it, with its own token.
 */
export const merge = (config: Sections, credentials: Sections): Sections => {
  const profiles = new Map(config.profiles)
  for (const [name, section] of credentials.profiles) {
    const known = profiles.get(name)
    profiles.set(name, known === undefined ? section : together(known, section))
  }
  return {
    profiles,
    ssoSessions: config.ssoSessions,
    services: config.services,
    notes: [...config.notes, ...credentials.notes, ...Array.from(profiles.values()).flatMap(notesOf)]
  }
}
