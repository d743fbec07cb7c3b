/** Settings from the environment, or from whatever Effect's ConfigProvider reads: their values, and which there are. */

import type * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { quoteOf, type Setting, type SettingPlace, withoutQuotes } from "../protocol/settings.js"
import type { Switch, Variable } from "../protocol/settingTable.js"
import { StsConfigError } from "../schemas/StsError.js"
import { configProvider, segmentsBelow, textOf } from "./fiber.js"

/**
 * A setting's text without the blanks around it; blank counts as unset, wherever it is stated: in a variable, a file or
 * an option.
 */
export const filled = (text: string | undefined): string | undefined =>
  typeof text === "string" ? text.trim() || undefined : text

/** Options whose texts are {@link filled}: blank counts as left out, and required ones remain texts. */
export const trimmed = <Options extends object>(
  options: Options,
  ...required: ReadonlyArray<keyof Options & string>
): Options => {
  const names: ReadonlyArray<string> = required
  const blank = (name: string) => (names.includes(name) ? "" : undefined)
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name,
      typeof value === "string" ? (filled(value) ?? blank(name)) : value
    ])
  ) as Options
}

/** The error for the first of some options that is blank and must not be. */
export const blankIn = <Options extends object>(
  options: Options,
  ...required: ReadonlyArray<keyof Options & string>
): StsConfigError | undefined => {
  const key = required.find((name) => options[name] === "")
  return key === undefined ? undefined : new StsConfigError({ key, detail: "is empty and must be set" })
}

// A profile may be called anything.
const mayHoldQuotes: ReadonlySet<Variable> = new Set(["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])

// No other setting begins or ends with one: some tools that set variables make the quotes part of the value.
const inQuotes = (setting: Setting): StsConfigError =>
  settingError(setting, "begins or ends with a quotation mark", withoutQuotes)

/** A variable's text as it stands, blanks and quotation marks too. */
export const exact = (
  name: Variable | Lowercase<Variable>
): Effect.Effect<string | undefined, StsConfigError> => textOf(name)

/** Reads a variable; blank counts as unset, and a value in quotation marks is refused. */
export const stated = (key: Variable): Effect.Effect<Setting | undefined, StsConfigError> =>
  Effect.flatMap(textOf(key), (text) => {
    const value = filled(text)
    if (value === undefined) return Effect.succeed(undefined)
    return mayHoldQuotes.has(key) || quoteOf(value) === undefined
      ? Effect.succeed({ key, value })
      : Effect.fail(inQuotes({ key, value }))
  })

type Each<Name extends string, A> = { readonly [_ in Name]: A | undefined }

/** Reads several variables, each as {@link stated} does. */
export const statedAll = <Name extends Variable>(
  names: ReadonlyArray<Name>
): Effect.Effect<Each<Name, Setting>, StsConfigError> =>
  Effect.map(
    Effect.forEach(names, stated),
    (found) =>
      Object.fromEntries(found.map((setting, index) => [names[index], setting])) as Each<Name, Setting>
  )

/** Reads the texts of several variables, each as {@link stated} does. */
export const settings = <Name extends Variable>(
  names: ReadonlyArray<Name>
): Effect.Effect<Each<Name, string>, StsConfigError> =>
  Effect.map(
    Effect.forEach(names, stated),
    (found) =>
      Object.fromEntries(found.map((setting, index) => [names[index], setting?.value])) as Each<Name, string>
  )

/** The error for what is wrong with a setting. */
export const settingError = (
  { file, key, line }: SettingPlace,
  detail: string,
  hint?: string | undefined
): StsConfigError => new StsConfigError({ key, detail, hint, file, line })

/** Adds to an error where the setting was stated. */
export const at =
  (place: SettingPlace | undefined) =>
  (error: StsConfigError): StsConfigError =>
    place === undefined ? error : settingError(place, error.detail, error.hint)

/** What a switch says: true or false, in any case. */
export const flag = (setting: Setting | undefined): Result.Result<boolean | undefined, StsConfigError> => {
  if (setting === undefined) return Result.succeed(undefined)
  const text = setting.value.toLowerCase()
  return text === "true" || text === "false"
    ? Result.succeed(text === "true")
    : Result.fail(settingError(setting, "must be true or false"))
}

/** Whether a switch is true; undefined where it is not set. */
export const switchedOn = (key: Switch): Effect.Effect<boolean | undefined, StsConfigError> =>
  Effect.flatMap(stated(key), (setting) => Effect.fromResult(flag(setting)))

const separator = "_"

// A provider may treat `_` as the separator of a path's segments, as the environment's does, or as a letter.
const below = (
  provider: ConfigProvider.ConfigProvider,
  prefix: string
): Effect.Effect<ReadonlyArray<string>> => {
  const from = (path: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string>> =>
    Effect.flatMap(segmentsBelow(provider, path), (segments) =>
      Effect.map(
        Effect.forEach(segments, (segment) => {
          const next = [...path, segment]
          const name = next.join(separator)
          if (
            !`${prefix}${separator}`.startsWith(`${name}${separator}`) &&
            !name.startsWith(prefix + separator)
          ) {
            return Effect.succeed([])
          }
          return Effect.map(from(next), (names) => [name, ...names])
        }),
        (found) => found.flat()
      )
    )
  return from([])
}

/**
 * The settings whose names begin with a prefix such as `AWS`, whoever reads them, in alphabetical order: those that are
 * not blank.
 */
export const settingsBelow = (
  prefix: string
): Effect.Effect<ReadonlyArray<readonly [name: string, text: string]>> =>
  Effect.flatMap(configProvider, (provider) => below(provider, prefix)).pipe(
    Effect.flatMap((names) =>
      Effect.forEach([...names].sort(), (name) =>
        Effect.match(textOf(name), {
          onFailure: () => [],
          onSuccess: (text = "") => (text.trim() === "" ? [] : [[name, text] as const])
        })
      )
    ),
    Effect.map((found) => found.flat())
  )

/** Their names alone. */
export const settingNames = (prefix: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(settingsBelow(prefix), (found) => found.map(([name]) => name))
