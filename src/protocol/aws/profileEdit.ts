/** Changes to one profile of AWS's shared files; every other line and comment stays. */
import { type FileKind, plainDefault, profileAt } from "./profileFile.js"

/** What a profile states from now on; a key without a value is taken out. */
export type Changes = Readonly<Record<string, string | undefined>>

const keyOf = (line: string): string | undefined => /^([^\s=#;][^=]*?)\s*=/.exec(line)?.[1]?.toLowerCase()

/** A line that says nothing, which ends no setting. */
const isAside = (line: string): boolean => /^\s*([#;]|$)/.test(line)

const titleOf = (kind: FileKind, profile: string): string => {
  if (kind === "credentials" || profile === "default") return `[${profile}]`
  return `[profile ${/^[\w.@-]+$/.test(profile) ? profile : `"${profile}"`}]`
}

/** The file with these changes: a key that stands there is replaced in its place, others follow it, or the profile's name. */
export const withProfile = (kind: FileKind, text: string, profile: string, changes: Changes): string => {
  const newline = text.includes("\r\n") ? "\r\n" : "\n"
  const lines = text === "" ? [] : text.split(/\r?\n/)
  const headers = lines.map((line) => profileAt(kind, line))
  const own = profile === "default" && !headers.includes(profile) ? plainDefault : profile
  const left = new Map(Object.entries(changes).filter(([, value]) => value !== undefined))
  const kept: Array<string> = []
  let isInside = false
  let isChanged = false
  let end: number | undefined
  for (const [index, line] of lines.entries()) {
    const header = headers[index]
    if (header !== undefined) isInside = header === own
    const key = keyOf(line)
    // An indented line continues the setting above it, and goes with it.
    if (/^\S/.test(line) && !isAside(line))
      isChanged = isInside && key !== undefined && Object.hasOwn(changes, key)
    if (!isChanged || isAside(line)) kept.push(line)
    else if (key !== undefined && left.has(key)) {
      kept.push(`${key} = ${left.get(key)}`)
      left.delete(key)
      end = kept.length
    }
    if (header !== undefined && isInside) end ??= kept.length
  }
  const stated = [...left].map(([key, value]) => `${key} = ${value}`)
  if (end !== undefined) return kept.toSpliced(end, 0, ...stated).join(newline)
  const before = kept.at(-1) === "" ? kept.slice(0, -1) : kept
  const blank = before.length === 0 ? [] : [""]
  return [...before, ...blank, titleOf(kind, profile), ...stated, ""].join(newline)
}
