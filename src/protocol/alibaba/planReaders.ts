/** Reading plans from profiles. The files give the same settings other names. */

import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { fromSeconds } from "../timestamp.js"
import type { At, Base, Endpoint, Keys, Names, Oidc, Placed, Role, Session } from "./plan.js"
import {
  bare,
  count,
  exact,
  type Fault,
  faultOf,
  flag,
  lineOf,
  needed,
  required,
  type Section,
  text,
  word
} from "./section.js"

/** The place of a setting. */
export const at = (section: Section, key: string): At => ({
  profile: section.name,
  line: lineOf(section, key)
})

/** A text that may be secret. */
export const secret = (section: Section, key: string): Result.Result<Redacted.Redacted | undefined, Fault> =>
  Result.map(text(section, key), (value) => (value === undefined ? undefined : Redacted.make(value)))

/** When the keys end; a time that nobody can mean is no reason to take them for lasting ones. */
const end = (section: Section, key: string | undefined): Result.Result<string | undefined, Fault> =>
  key === undefined
    ? Result.succeed(undefined)
    : Result.flatMap(count(section, key), (seconds) => {
        if (seconds === undefined) return Result.succeed(undefined)
        const iso = fromSeconds(seconds)
        return iso === undefined
          ? faultOf(section, "Malformed", key, `${key} is no point in time in seconds since 1970`)
          : Result.succeed(iso)
      })

/** A key pair, with the token that goes with it: never, where there is one, or always. */
export const keys = (
  section: Section,
  names: Names,
  token: "without" | "optional" | "required"
): Result.Result<Keys, Fault> =>
  Result.gen(function* () {
    const one = (key: string) => Result.flatMap(exact(section, key), bare(section, key))
    const must = (key: string) => Result.flatMap(one(key), needed(section, key))
    const id = yield* must(names.id)
    const secret = yield* must(names.secret)
    if (token === "without" && id.startsWith("STS.")) {
      return yield* faultOf(
        section,
        "Incomplete",
        names.token,
        `${names.id} is of temporary credentials, which this mode takes without their token`,
        `Use mode StsToken, with ${names.token}.`
      )
    }
    const given =
      token === "without" ? undefined : yield* token === "required" ? must(names.token) : one(names.token)
    const expiration = given === undefined ? undefined : yield* end(section, names.expiration)
    const found = { id, secret, token: given, expiration }
    const lines = new Map([...section.settings].map(([key, { line }]) => [key, line]))
    return { _tag: "Keys" as const, ...at(section, names.id), found, keys: names, lines }
  })

const longest = 43_200
const shortest = 900

const duration = (section: Section, key: string): Result.Result<number | undefined, Fault> =>
  Result.flatMap(count(section, key), (seconds) =>
    seconds === undefined || (seconds >= shortest && seconds <= longest)
      ? Result.succeed(seconds)
      : faultOf(section, "Malformed", key, `${key} is not a number of seconds from ${shortest} to ${longest}`)
  )

const placed = (section: Section, key: string): Result.Result<Placed | undefined, Fault> =>
  Result.map(word(section, key), (value) =>
    value === undefined ? undefined : { key, value, line: lineOf(section, key) }
  )

/** The region that a profile states for everything. */
export const region = (section: Section): Result.Result<Placed | undefined, Fault> =>
  Result.flatMap(placed(section, "sts_region"), (own) =>
    own === undefined ? placed(section, "region_id") : Result.succeed(own)
  )

const endpoint = (section: Section): Result.Result<Endpoint, Fault> =>
  Result.all({
    endpoint: placed(section, "sts_endpoint"),
    region: placed(section, "sts_region"),
    vpc: Result.map(flag(section, "enable_vpc"), (on) =>
      on === true ? { key: "enable_vpc", value: "true", line: lineOf(section, "enable_vpc") } : undefined
    ),
    inside: region(section)
  })

const fields = [
  "roleArn",
  "roleSessionName",
  "durationSeconds",
  "policy",
  "externalId",
  "oidcProviderArn",
  "oidcTokenFile"
] as const

const statedIn = (section: Section, names: Names): Session["stated"] =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const key = names[field]
      return section.settings.has(key) ? [[field, { key, line: lineOf(section, key) }]] : []
    })
  )

const session = (section: Section, names: Names): Result.Result<Session, Fault> =>
  Result.all({
    roleSessionName: word(section, names.roleSessionName),
    durationSeconds: duration(section, names.durationSeconds),
    policy: text(section, names.policy),
    endpoint: endpoint(section),
    stated: Result.succeed(statedIn(section, names))
  })

/** A role that is assumed with other credentials. */
export const role = (section: Section, names: Names): Result.Result<Role, Fault> =>
  Result.gen(function* () {
    const roleArn = yield* required(section, names.roleArn)
    const what = yield* session(section, names)
    const externalId = yield* text(section, names.externalId)
    return { ...at(section, names.roleArn), ...what, roleArn, externalId }
  })

/** A role for the token of an identity provider. */
export const oidc = (section: Section, names: Names): Result.Result<Oidc, Fault> =>
  Result.gen(function* () {
    return {
      _tag: "Oidc" as const,
      ...at(section, names.roleArn),
      ...(yield* session(section, names)),
      roleArn: yield* word(section, names.roleArn),
      oidcProviderArn: yield* word(section, names.oidcProviderArn),
      oidcTokenFile: yield* text(section, names.oidcTokenFile),
      keys: names,
      header: section.line
    }
  })

/** The role of the instance that this runs on. */
export const ecsRamRole = (section: Section, names: Names): Result.Result<Base, Fault> =>
  Result.map(word(section, names.roleName), (roleName) => ({
    _tag: "EcsRamRole",
    ...at(section, names.roleName),
    roleName
  }))

/** A URL; where the profile names none, the environment does. */
export const credentialsUri = (section: Section, names: Names): Result.Result<Base, Fault> =>
  Result.map(secret(section, names.uri), (uri) => ({
    _tag: "CredentialsUri",
    ...at(section, names.uri),
    uri
  }))
