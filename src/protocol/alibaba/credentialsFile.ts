/**
 * The grammar of the shared credentials file: one `[profile]` after another, each with `key = value` lines; `#` and
 * `;` start a comment.
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
const assignment = /^([^=[\]]+?)\s*=/

const valueOf = (line: string): string | undefined => {
  const value: unknown = Object.values(ini.parse(line))[0]
  return typeof value === "string" || typeof value === "boolean" || value === null ? String(value) : undefined
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
    const key = assignment.exec(content)?.[1]
    if (key === undefined) return fault("this line is neither a [profile], a key = value nor a comment")
    if (settings === undefined) return fault("this setting stands before the first [profile]")
    const value = valueOf(content)
    if (value === undefined) return fault(`${key} has no plain value`)
    settings.set(key.toLowerCase(), { value, line })
  }
  return Either.right(profiles)
}
