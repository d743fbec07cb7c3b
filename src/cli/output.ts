/** What the program writes to its standard output: answers as plain values, with secrets only where somebody asked for them. */
import process from "node:process"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { Json } from "./settings.js"

/** Prints a text and ends its line. */
export const print = (text: string): Effect.Effect<void> =>
  Effect.callback((resume) => {
    process.stdout.write(`${text}\n`, () => resume(Effect.void))
  })

/** Every control character but the line feed. */
const controls = /(?!\n)\p{Cc}/gu

/** A text of others' without what steers a terminal. */
export const printable = (text: string): string => text.replace(controls, " ")

/** Prints fields as lines for people. */
export const printTable = (fields: Plain): Effect.Effect<void> => print(printable(table(fields)))

/** Prints fields: lines for people, an object for programs. Secrets are shown where `secrets` says so. */
export const show = (fields: object, secrets = false) =>
  Effect.flatMap(Json, (json) =>
    json
      ? print(JSON.stringify(plain(fields, true), undefined, 2))
      : printTable(plain(fields, secrets) as Plain)
  )

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
