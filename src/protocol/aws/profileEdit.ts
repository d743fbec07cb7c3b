/** Changes to one profile of AWS's shared files; every other line and comment stays. */
import type { FileKind } from "./profileFile.js"

/** What a profile states from now on; a key without a value is taken out. */
export type Changes = Readonly<Record<string, string | undefined>>

const header = /^\s*\[\s*([^\]]*?)\s*\]/

const keyOf = (line: string): string | undefined => /^([^\s=#;][^=]*?)\s*=/.exec(line)?.[1]?.toLowerCase()

const unquoted = (name: string): string => name.replace(/^(["'])(.*)\1$/, "$2")

/** Whether a section is the profile's: the config file says `[profile name]`, but for the default one. */
const isProfile = (kind: FileKind, section: string, profile: string): boolean => {
  if (kind === "credentials") return section === profile
  const [, name] = /^profile\s+(.*)$/.exec(section) ?? []
  return name === undefined ? section === "default" && profile === "default" : unquoted(name) === profile
}

const titleOf = (kind: FileKind, profile: string): string => {
  if (kind === "credentials" || profile === "default") return `[${profile}]`
  return `[profile ${/^[\w.@-]+$/.test(profile) ? profile : `"${profile}"`}]`
}

/** The file with these changes: a key that stands there is replaced in its place, others follow it, or the profile's name. */
export const withProfile = (kind: FileKind, text: string, profile: string, changes: Changes): string => {
  const newline = text.includes("\r\n") ? "\r\n" : "\n"
  const left = new Map(Object.entries(changes).filter(([, value]) => value !== undefined))
  const kept: Array<string> = []
  let isInside = false
  let end: number | undefined
  for (const line of text === "" ? [] : text.split(/\r?\n/)) {
    const section = header.exec(line)?.[1]
    if (section !== undefined) isInside = isProfile(kind, section, profile)
    const key = isInside ? keyOf(line) : undefined
    const isChanged = key !== undefined && Object.hasOwn(changes, key)
    if (!isChanged) kept.push(line)
    else if (left.has(key)) kept.push(`${key} = ${left.get(key)}`)
    if (isChanged && left.delete(key)) end = kept.length
    if (section !== undefined && isInside) end ??= kept.length
  }
  const stated = [...left].map(([key, value]) => `${key} = ${value}`)
  if (end !== undefined) return kept.toSpliced(end, 0, ...stated).join(newline)
  const before = kept.at(-1) === "" ? kept.slice(0, -1) : kept
  const blank = before.length === 0 ? [] : [""]
  return [...before, ...blank, titleOf(kind, profile), ...stated, ""].join(newline)
}
