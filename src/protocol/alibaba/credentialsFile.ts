/**
 * The grammar of the shared credentials file: one `[profile]` after another, each with `key = value` or `key: value`
 * lines. `#` and `;` begin a comment at the beginning of a line or of a word; within a word, in quotes or after a backslash they belong to
 * the value.
 */
import * as ini from "ini"

/** One profile. */
export interface Profile {
  /** The line of its header; the first is 1. */
  readonly line: number
  /** Its settings, names in lower case. */
  readonly settings: ReadonlyMap<string, Setting>
  /** The first of its lines that makes no sense. */
  readonly fault: GrammarFault | undefined
}

/** What the file states. */
export interface CredentialsFile {
  readonly profiles: ReadonlyMap<string, Profile>
  /** The first line that makes no sense and stands in no profile; with it, a profile may be missing. */
  readonly fault: GrammarFault | undefined
}

/** One setting of a profile. */
export interface Setting {
  readonly value: string
  readonly line: number
}

/** Where a file stops making sense, and why; never the line itself, which may hold a secret. */
export interface GrammarFault {
  readonly line: number
  readonly detail: string
}

const isComment = (text: string): boolean => text.startsWith("#") || text.startsWith(";")

const nameIn = (header: string): string | undefined => {
  const close = header.indexOf("]")
  const name = header.slice(1, Math.max(close, 1)).trim()
  const rest = header.slice(close + 1).trim()
  return name === "" || name.includes("[") || !(rest === "" || isComment(rest)) ? undefined : name
}

const inQuotes = /^(["'])(.*)\1$/

const settingIn = (content: string): readonly [key: string, value: string] | undefined => {
  const end = content.search(/[=:]/)
  const key = content.slice(0, Math.max(end, 0)).trim().replace(inQuotes, "$2")
  return key === "" || /[[\]]/.test(key)
    ? undefined
    : [key.toLowerCase(), valueOf(content.slice(end + 1).trim())]
}

const quoted = /^(?:"([^"\\]*(?:\\.[^"\\]*)*)"|'([^']*)')\s*(?:[#;].*)?$/
const withinWord = /(?<=[^\s\\])[#;]/g

const valueOf = (text: string): string => {
  const [, double, single] = quoted.exec(text) ?? []
  if (single !== undefined) return single
  if (double !== undefined) return double.replace(/\\(["\\])/g, "$1")
  // To `ini` a comment begins anywhere, unless it is escaped.
  return ini.unsafe(text.replace(withinWord, "\\$&"))
}

interface Open {
  line: number
  readonly settings: Map<string, Setting>
  fault: GrammarFault | undefined
}

/**
 * Every profile of a file by its name, each with what is wrong in it, so that it does the others no harm. A setting that
 * is stated twice counts as it is stated last.
 */
export const parse = (text: string): CredentialsFile => {
  const profiles = new Map<string, Open>()
  const outside: Pick<Open, "fault"> = { fault: undefined }
  let current: Open | undefined
  let isLost = false
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1
    const content = raw.trim()
    if (content === "" || isComment(content)) continue
    if (content.startsWith("[")) {
      const name = nameIn(content)
      isLost = name === undefined
      current =
        name === undefined
          ? undefined
          : (profiles.get(name) ?? { line, settings: new Map(), fault: undefined })
      if (name === undefined || current === undefined) {
        outside.fault ??= { line, detail: "this profile's header is not closed or holds a bracket" }
      } else profiles.set(name, Object.assign(current, { line }))
      continue
    }
    // Whose settings these are, the header does not say.
    if (isLost) continue
    const setting = settingIn(content)
    if (setting === undefined) {
      const detail = "this line is neither a [profile], a key = value nor a comment"
      const place = current ?? outside
      place.fault ??= { line, detail }
    } else if (current === undefined) {
      outside.fault ??= { line, detail: "this setting stands before the first [profile]" }
    } else current.settings.set(setting[0], { value: setting[1], line })
  }
  return { profiles, fault: outside.fault }
}
