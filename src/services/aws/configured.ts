/**
 * Settings from the environment and, after it, from the shared config files, each with where it was stated.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { StsConfigError } from "../../schemas/StsError.js"
import { flag, settings } from "../setting.js"
import { type Settings, SharedConfig } from "./SharedConfig.js"

/**
 * A setting, and where it was stated: a variable, or a key of a file.
 *
 * @category models
 * @since 0.1.0
 */
export interface Found {
  readonly key: string
  readonly value: string
  readonly file?: string | undefined
  readonly line?: number | undefined
}

/**
 * What is configured now.
 *
 * @category models
 * @since 0.1.0
 */
export interface Configured<Name extends string> {
  /** The first of the variables that is set, else the profile's setting. */
  readonly find: (variables: ReadonlyArray<Name>, key: string) => Found | undefined
  /** A variable, else the profile's setting of the same name in lower case, without `aws_`: true or false. */
  readonly flag: (variable: Name) => Either.Either<boolean | undefined, StsConfigError>
  /** The URL that is stated for a service, unless configured URLs are to be ignored. */
  readonly endpoint: (service: string, variable: Name) => Either.Either<Found | undefined, StsConfigError>
}

/**
 * Adds to an error where the setting was stated.
 *
 * @category errors
 * @since 0.1.0
 */
export const at =
  (found: Found | undefined) =>
  ({ detail, hint, key }: StsConfigError): StsConfigError =>
    new StsConfigError({ key: found?.key ?? key, detail, hint, file: found?.file, line: found?.line })

const common = ["AWS_ENDPOINT_URL", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] as const

const keyOf = (variable: string): string => variable.toLowerCase().replace(/^aws_/, "")

const make = <Name extends string>(
  env: { readonly [_ in Name | (typeof common)[number]]: string | undefined },
  shared: Settings
): Configured<Name> => {
  const inEnvironment = (key: Name | (typeof common)[number]): Found | undefined => {
    const value = env[key]
    return value === undefined ? undefined : { key, value }
  }
  const find = (variables: ReadonlyArray<Name | (typeof common)[number]>, key: string): Found | undefined => {
    const variable = variables.find((name) => env[name] !== undefined)
    return (variable === undefined ? undefined : inEnvironment(variable)) ?? shared.of(key)
  }
  const flagOf = (variable: Name | (typeof common)[number]) => {
    const found = find([variable], keyOf(variable))
    return Either.mapLeft(flag(variable, found?.value), at(found))
  }
  return {
    find,
    flag: flagOf,
    endpoint: (service, variable) =>
      Either.map(flagOf("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), (ignored) =>
        ignored
          ? undefined
          : (inEnvironment(variable) ??
            inEnvironment("AWS_ENDPOINT_URL") ??
            shared.ofService(service, "endpoint_url") ??
            shared.of("endpoint_url"))
      )
  }
}

/**
 * Reads variables and the shared config files. Blank counts as unset.
 *
 * @category constructors
 * @since 0.1.0
 */
export const configured = <Name extends string>(
  names: ReadonlyArray<Name>
): Effect.Effect<Configured<Name>, StsConfigError> =>
  Effect.zipWith(settings([...names, ...common]), Effect.flatten(SharedConfig), make<Name>)
