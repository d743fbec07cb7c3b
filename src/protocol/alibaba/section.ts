/** A profile's settings, whichever file it is in, and what is wrong with them. */
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import type { CredentialErrorReason } from "../../schemas/StsError.js"
import { meant } from "../settings.js"
import {
  type AlibabaKey,
  type AlibabaNumber,
  type AlibabaSwitch,
  alibaba,
  type SettingRow
} from "../settingTable.js"

/** One setting as its file has it, under its name. */
export interface Entry {
  readonly value: unknown
  readonly line: number
}

/** A profile. */
export interface Section {
  readonly name: string
  readonly line: number
  readonly settings: ReadonlyMap<string, Entry>
}

/** What in a file makes no sense, but concerns no profile that is used. */
export interface PassedOver {
  readonly line: number
  readonly detail: string
}

/** What is wrong with a file or a profile of it. It never holds the value of a secret. */
export interface Fault {
  readonly reason: CredentialErrorReason
  readonly detail: string
  readonly profile?: string | undefined
  readonly line?: number | undefined
  readonly key?: string | undefined
  readonly hint?: string | undefined
}

/** The line of a setting, or of its profile where it is missing. */
export const lineOf = (section: Section, key: string): number =>
  section.settings.get(key)?.line ?? section.line

/** A fault of one setting. */
export const faultOf = (
  section: Section,
  reason: CredentialErrorReason,
  key: string,
  detail: string,
  hint?: string
): Result.Result<never, Fault> =>
  Result.fail({ reason, key, detail, hint, line: lineOf(section, key), profile: section.name })

// Others' text in our messages: without control characters, and not longer than anybody reads.
const shown = (text: string): string => {
  const clean = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?")
  return clean.length > 64 ? `${clean.slice(0, 63)}…` : clean
}

const most = 20

/** Names as a message lists them. */
export const listed = (names: Iterable<string>, between = ", "): string => {
  const all = [...names]
  const some = all.length <= most ? all.map(shown) : [...all.slice(0, most - 1).map(shown), "…"]
  return some.join(between)
}

/** A setting's text as it stands; blank counts as unset. */
export const exact = (section: Section, key: AlibabaKey): Result.Result<string | undefined, Fault> => {
  const value = section.settings.get(key)?.value ?? undefined
  if (value !== undefined && typeof value !== "string") {
    return faultOf(section, "Malformed", key, `${key} is not a string`)
  }
  return Result.succeed(value === undefined || value.trim() === "" ? undefined : value)
}

/** A setting's text without the blanks around it; blank counts as unset. */
export const text = (section: Section, key: AlibabaKey): Result.Result<string | undefined, Fault> =>
  Result.map(exact(section, key), (value) => value?.trim())

const foreign: ReadonlyArray<readonly [pattern: RegExp, detail: string, hint: string]> = [
  [
    /[#;]/,
    "contains # or ;, as if a comment followed the value directly",
    "Put a space before the comment, or remove it."
  ],
  [/["'`]/, "contains a quote", "Write the value without quotes."]
]

/** Refuses what no key, type, ARN, name or region holds: a comment that is glued to it, a quote. */
export const bare =
  (section: Section, key: AlibabaKey) =>
  (value: string | undefined): Result.Result<string | undefined, Fault> => {
    const [, detail, hint] = foreign.find(([pattern]) => pattern.test(value ?? "")) ?? []
    return detail === undefined
      ? Result.succeed(value)
      : faultOf(section, "Malformed", key, `${key} ${detail}`, hint)
  }

/** A text that is a word of its own: see {@link bare}. */
export const word = (section: Section, key: AlibabaKey): Result.Result<string | undefined, Fault> =>
  Result.flatMap(text(section, key), bare(section, key))

const rows = alibaba.map(({ iniKey, key }: SettingRow) => [key, iniKey].filter((name) => name !== undefined))

/** Whether one of the files has a key of this name. */
const isKey = (name: string): boolean => rows.some((names) => names.includes(name))

/** What else the files call a key. */
const namesOf = (key: string): ReadonlyArray<string> =>
  rows.flatMap((names) => (names.includes(key) ? names.filter((name) => name !== key) : []))

/** What is there under a name that only resembles the key's. */
const otherName = ({ settings }: Section, key: string): string | undefined => {
  const names = [...settings.keys()].filter((name) => name !== key)
  const alias = namesOf(key).find((name) => settings.has(name))
  const other = alias ?? meant(key, names.length > longest ? [] : names.filter((name) => !isKey(name)))
  return other === undefined ? undefined : `It has ${shown(other)}: write ${key}.`
}

const longest = 200

/** Asserts that a setting was there. */
export const needed =
  (section: Section, key: AlibabaKey, hint?: string) =>
  <A>(value: A | undefined): Result.Result<A, Fault> =>
    value === undefined
      ? faultOf(
          section,
          "Incomplete",
          key,
          `profile ${shown(section.name)} has no ${key}`,
          otherName(section, key) ?? hint
        )
      : Result.succeed(value)

/** A word that must be there. */
export const required = (section: Section, key: AlibabaKey, hint?: string): Result.Result<string, Fault> =>
  Result.flatMap(word(section, key), needed(section, key, hint))

/**
 * A number that is not negative, as a number or in digits; 0 counts as unset, as the vendor's tools write it.
 */
export const count = (section: Section, key: AlibabaNumber): Result.Result<number | undefined, Fault> => {
  const value = section.settings.get(key)?.value ?? ""
  if (value === "") return Result.succeed(undefined)
  const number = typeof value === "string" && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0
    ? Result.succeed(number === 0 ? undefined : number)
    : faultOf(section, "Malformed", key, `${key} is not a whole number`)
}

const lastMillis = 8_640_000_000_000_000

/** A time by its milliseconds since 1970; what no calendar has is the calendar's end or beginning. */
export const timeAt = (millis: number): DateTime.Utc =>
  DateTime.makeUnsafe(Math.max(-lastMillis, Math.min(millis, lastMillis)))

/** A time, stated in seconds since 1970. */
export const time = (section: Section, key: AlibabaNumber): Result.Result<DateTime.Utc | undefined, Fault> =>
  Result.map(count(section, key), (seconds) => (seconds === undefined ? undefined : timeAt(seconds * 1_000)))

/** A switch, as true or false or in these words. */
export const flag = (section: Section, key: AlibabaSwitch): Result.Result<boolean | undefined, Fault> => {
  const value = section.settings.get(key)?.value ?? ""
  switch (typeof value === "string" ? value.trim().toLowerCase() : value) {
    case "":
      return Result.succeed(undefined)
    case true:
    case "true":
      return Result.succeed(true)
    case false:
    case "false":
      return Result.succeed(false)
    default:
      return faultOf(section, "Malformed", key, `${key} is neither true nor false`)
  }
}
