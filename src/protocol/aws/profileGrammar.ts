/**
 * The grammar of the lines of AWS's shared config and credentials files.
 *
 * @since 0.1.0
 */

/**
 * Which of the two files: their sections are called differently.
 *
 * @category models
 * @since 0.1.0
 */
export type FileKind = "config" | "credentials"

/**
 * Which rule of the grammar is broken.
 *
 * @category models
 * @since 0.1.0
 */
export type Rule = "UnclosedHeader" | "OutsideSection" | "OutsideSetting" | "NoEqualsSign" | "NoName"

/**
 * What to say of each rule.
 *
 * @category constants
 * @since 0.1.0
 */
export const details: Readonly<Record<Rule, string>> = {
  UnclosedHeader: "this section's header does not end with ]",
  OutsideSection: "this line stands before the first section",
  OutsideSetting: "this line begins with white space, but there is no setting above it to go on with",
  NoEqualsSign: "this line is neither a [section], a key = value nor a comment",
  NoName: "there is no name before the equals sign"
}

/**
 * What a section is for.
 *
 * @category models
 * @since 0.1.0
 */
export type Group = "profiles" | "ssoSessions" | "services"

const groups: ReadonlyMap<string, Group> = new Map([
  ["profile", "profiles"],
  ["sso-session", "ssoSessions"],
  ["services", "services"]
])

/**
 * What a profile or a setting may be called.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isName = (text: string): boolean => /^[\w\-/.%@:+]+$/.test(text)

/**
 * Whether a line, without white space at its beginning, is a comment.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isComment = (text: string): boolean => /^[#;]/.test(text)

/**
 * The `default` profile without prefix. It gives way to one with it; until a file's end they are kept apart.
 *
 * @category constants
 * @since 0.1.0
 */
export const plainDefault = "default without prefix"

/**
 * Which section a header begins, or why it is passed over and which profile somebody may have meant.
 *
 * @category models
 * @since 0.1.0
 */
export type Header =
  | { readonly group: Group; readonly name: string }
  | { readonly passedOver: string; readonly meant?: string | undefined }

const badName = "this name holds a space or another character that no name has"

const named = (group: Group, name: string): Header =>
  isName(name) ? { group, name } : { passedOver: badName }

/**
 * Reads a line that begins with a bracket.
 *
 * @category decoding
 * @since 0.1.0
 */
export const header = (kind: FileKind, line: string): Header | "UnclosedHeader" => {
  const content = line.replace(/[#;].*$/, "").trim()
  if (!content.endsWith("]")) return "UnclosedHeader"
  const title = content.slice(1, -1).trim()
  const [, first = "", rest] = /^(\S+)(?:\s+(.+))?$/.exec(title) ?? []
  if (kind === "credentials") {
    return rest === undefined
      ? named("profiles", first)
      : { passedOver: "a section of the credentials file has the profile's name alone", meant: rest }
  }
  if (rest === undefined) {
    return first === "default"
      ? { group: "profiles", name: plainDefault }
      : { passedOver: "a profile of the config file is called [profile name]", meant: first }
  }
  const group = groups.get(first)
  return group === undefined
    ? { passedOver: "there are no sections of this kind", meant: rest }
    : named(group, rest)
}

/**
 * Reads a setting's line: its name in lower case, and its value.
 *
 * @category decoding
 * @since 0.1.0
 */
export const split = (line: string): readonly [name: string, value: string] | "NoEqualsSign" | "NoName" => {
  const content = line.trim().replace(/\s[#;].*$/, "")
  const equals = content.indexOf("=")
  if (equals < 0) return "NoEqualsSign"
  const name = content.slice(0, equals).trim().toLowerCase()
  return name === "" ? "NoName" : [name, content.slice(equals + 1).trim()]
}
