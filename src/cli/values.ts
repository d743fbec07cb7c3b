/** Answers as plain values, with secrets only where somebody asked for them. */
import * as DateTime from "effect/DateTime"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"

/** Plain values by their names. */
export interface Plain {
  readonly [name: string]: unknown
}

const mask = "********"

/**
 * The same without classes.
 *
 * @param secrets whether they are shown
 */
export const plain = (value: unknown, secrets: boolean): unknown => {
  if (Redacted.isRedacted(value)) return secrets ? Redacted.value(value) : mask
  if (DateTime.isDateTime(value)) return DateTime.formatIso(value)
  if (Array.isArray(value)) return value.map((one) => plain(one, secrets))
  if (!Predicate.isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (one === undefined ? [] : [[name, plain(one, secrets)]]))
  )
}

const rows = (value: unknown, path: string): ReadonlyArray<readonly [string, string]> => {
  if (Predicate.isObject(value) && !Array.isArray(value))
    return Object.entries(value).flatMap(([name, one]) => rows(one, path === "" ? name : `${path}.${name}`))
  return [[path, (typeof value === "string" ? value : JSON.stringify(value)).replaceAll("\n", " ")]]
}

/** Lines for people, a field on each. */
export const table = (value: Plain): string => {
  const lines = rows(value, "")
  const width = Math.max(0, ...lines.map(([name]) => name.length))
  return lines.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join("\n")
}
