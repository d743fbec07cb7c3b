/**
 * The grammar of the shared credentials file: one `[profile]` after another, each with `key = value` lines. `#` and `;`
 * begin a comment at the beginning of a line or of a word; within a word, in quotes or after a backslash they belong to
 * the value.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as ini from "ini"

/**
 * One profile.
 *
 * @category models
 * @since 0.1.0
 */
export interface Profile {
  /** The line of its header; the first is 1. */
  readonly line: number
  /** Its settings, names in lower case. */
  readonly settings: ReadonlyMap<string, Setting>
}

/**
 * One setting of a profile.
 *
 * @category models
 * @since 0.1.0
 */
export interface Setting {
  readonly value: string
  readonly line: number
}

/**
 * Where a file stops making sense, and why; never the line itself, which may hold a secret.
 *
 * @category models
 * @since 0.1.0
 */
export interface GrammarFault {
  readonly line: number
  readonly detail: string
}

const header = /^\[\s*([^[\]]+?)\s*\]\s*([#;].*)?$/
const assignment = /^([^=[\]]+?)\s*=\s*(.*)$/

const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(?:[#;].*)?$/
const withinWord = /(?<=[^\s\\])[#;]/g

const valueOf = (text: string): string => {
  const [, double, single] = quoted.exec(text) ?? []
  if (single !== undefined) return single
  if (double !== undefined) return double.replace(/\\(["\\])/g, "$1")
  // To `ini` a comment begins anywhere, unless it is escaped.
  return ini.unsafe(text.replace(withinWord, "\\$&"))
}

/**
 * Every profile of a file by its name. A setting that is stated twice counts as it is stated last.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (text: string): Either.Either<ReadonlyMap<string, Profile>, GrammarFault> => {
  const profiles = new Map<string, { line: number; settings: Map<string, Setting> }>()
  let settings: Map<string, Setting> | undefined
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1
    const content = raw.trim()
    if (content === "" || content.startsWith("#") || content.startsWith(";")) continue
    const fault = (detail: string) => Either.left({ line, detail })
    if (content.startsWith("[")) {
      const name = header.exec(content)?.[1]
      if (name === undefined) return fault("this profile's header is not closed or holds a bracket")
      settings = profiles.get(name)?.settings ?? new Map()
      profiles.set(name, { line, settings })
      continue
    }
    const [, key, value] = assignment.exec(content) ?? []
    if (key === undefined || value === undefined)
      return fault("this line is neither a [profile], a key = value nor a comment")
    if (settings === undefined) return fault("this setting stands before the first [profile]")
    settings.set(key.toLowerCase(), { value: valueOf(value), line })
  }
  return Either.right(profiles)
}
