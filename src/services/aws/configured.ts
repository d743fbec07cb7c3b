/**
 * Settings from the environment and, after it, from the shared config files, each with where it was stated.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { keyOf, type SharedVariable, type Variable } from "../../protocol/aws/settings.js"
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
export interface Configured<Name extends Variable> {
  /** A variable or, after it, its older name, else the profile's setting of the same meaning. */
  readonly find: (variable: Name & SharedVariable, older?: Name) => Found | undefined
  /** A variable, else the profile's setting of the same meaning: true or false. */
  readonly flag: (variable: Name & SharedVariable) => Either.Either<boolean | undefined, StsConfigError>
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

const make = <Name extends Variable>(
  env: { readonly [_ in Name | (typeof common)[number]]: string | undefined },
  shared: Settings
): Configured<Name> => {
  const inEnvironment = (key: Name | (typeof common)[number]): Found | undefined => {
    const value = env[key]
    return value === undefined ? undefined : { key, value }
  }
  type Known = Name | (typeof common)[number]
  const find = (variable: Known & SharedVariable, older?: Known): Found | undefined =>
    inEnvironment(variable) ??
    (older === undefined ? undefined : inEnvironment(older)) ??
    shared.of(keyOf(variable))
  const flagOf = (variable: Known & SharedVariable) => {
    const found = find(variable)
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
export const configured = <Name extends Variable>(
  names: ReadonlyArray<Name>
): Effect.Effect<Configured<Name>, StsConfigError> =>
  Effect.zipWith(settings([...names, ...common]), Effect.flatten(SharedConfig), make<Name>)
