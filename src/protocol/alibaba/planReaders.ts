/**
 * Reading plans from profiles. The files give the same settings other names.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import type { At, Keys, Names, Planned, Session } from "./plan.js"
import {
  count,
  exact,
  type Fault,
  faultOf,
  flag,
  lineOf,
  needed,
  required,
  type Section,
  text
} from "./section.js"

/**
 * The place of a setting.
 *
 * @category accessors
 * @since 0.1.0
 */
export const at = (section: Section, key: string): At => ({
  profile: section.name,
  line: lineOf(section, key)
})

/**
 * A text that may be secret.
 *
 * @category accessors
 * @since 0.1.0
 */
export const secret = (section: Section, key: string): Either.Either<Redacted.Redacted | undefined, Fault> =>
  Either.map(text(section, key), (value) => (value === undefined ? undefined : Redacted.make(value)))

/**
 * A key pair, with the token that goes with it: never, where there is one, or always.
 *
 * @category decoding
 * @since 0.1.0
 */
export const keys = (
  section: Section,
  names: Names,
  token: "without" | "optional" | "required"
): Either.Either<Keys, Fault> =>
  Either.gen(function* () {
    const must = (key: string) => Either.flatMap(exact(section, key), needed(section, key))
    const id = yield* must(names.id)
    const secret = yield* must(names.secret)
    const found = {
      id,
      secret,
      token:
        token === "without"
          ? undefined
          : yield* token === "required" ? must(names.token) : exact(section, names.token)
    }
    const lines = new Map([...section.settings].map(([key, { line }]) => [key, line]))
    return { _tag: "Keys" as const, ...at(section, names.id), found, keys: names, lines }
  })

const longest = 43_200
const shortest = 900

const duration = (section: Section, key: string): Either.Either<number | undefined, Fault> =>
  Either.flatMap(count(section, key), (seconds) =>
    seconds === undefined || (seconds >= shortest && seconds <= longest)
      ? Either.right(seconds)
      : faultOf(section, "Malformed", key, `${key} is not a number of seconds from ${shortest} to ${longest}`)
  )

const session = (section: Section, names: Names): Either.Either<Session, Fault> =>
  Either.all({
    roleArn: required(section, names.roleArn),
    roleSessionName: text(section, names.roleSessionName),
    durationSeconds: duration(section, names.durationSeconds),
    policy: text(section, names.policy),
    endpoint: Either.all({
      endpoint: text(section, "sts_endpoint"),
      region: text(section, "sts_region"),
      network: Either.map(flag(section, "enable_vpc"), (vpc) => (vpc === true ? ("vpc" as const) : undefined))
    })
  })

/**
 * A role over a base.
 *
 * @category decoding
 * @since 0.1.0
 */
export const role = (section: Section, names: Names, base: Planned): Planned =>
  Either.gen(function* () {
    const what = yield* session(section, names)
    const externalId = yield* text(section, names.externalId)
    return { _tag: "Role" as const, ...at(section, names.roleArn), ...what, externalId, base: yield* base }
  })

/**
 * A role for the token of an identity provider.
 *
 * @category decoding
 * @since 0.1.0
 */
export const oidc = (section: Section, names: Names): Planned =>
  Either.gen(function* () {
    return {
      _tag: "Oidc" as const,
      ...at(section, names.roleArn),
      ...(yield* session(section, names)),
      oidcProviderArn: yield* required(section, names.oidcProviderArn),
      oidcTokenFile: yield* required(section, names.oidcTokenFile)
    }
  })

/**
 * The role of the instance that this runs on.
 *
 * @category decoding
 * @since 0.1.0
 */
export const ecsRamRole = (section: Section, names: Names): Planned =>
  Either.map(text(section, names.roleName), (roleName) => ({
    _tag: "EcsRamRole",
    ...at(section, names.roleName),
    roleName
  }))

/**
 * A URL; where the profile names none, the environment does.
 *
 * @category decoding
 * @since 0.1.0
 */
export const credentialsUri = (section: Section, names: Names): Planned =>
  Either.map(secret(section, names.uri), (uri) => ({
    _tag: "CredentialsUri",
    ...at(section, names.uri),
    uri
  }))
