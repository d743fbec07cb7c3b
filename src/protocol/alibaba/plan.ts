/**
 * What the profiles of both of Alibaba Cloud's files mean, as data, and how their parts are read: the same settings by
 * other names.
 */
import type * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { fromSeconds } from "../encoding.js"
import type { Setting, SettingPlace } from "../settings.js"
import type { AlibabaKey, AlibabaNumber, Variable } from "../settingTable.js"
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

/** How a file calls its settings. */
export interface Names {
  readonly id: AlibabaKey
  readonly secret: AlibabaKey
  readonly token: AlibabaKey
  /** When temporary keys end, in seconds since 1970, where the file can say so. */
  readonly expiration?: AlibabaNumber | undefined
  readonly roleArn: AlibabaKey
  readonly roleSessionName: AlibabaKey
  readonly durationSeconds: AlibabaNumber
  readonly externalId: AlibabaKey
  readonly policy: AlibabaKey
  readonly roleName: AlibabaKey
  readonly oidcProviderArn: AlibabaKey
  readonly oidcTokenFile: AlibabaKey
  readonly uri: AlibabaKey
}

/** Where something was configured. */
export interface At {
  readonly profile: string
  readonly line: number
}

/** A key pair, blank where it is not set. */
export interface Keys extends At {
  readonly _tag: "Keys"
  readonly found: {
    readonly id: string | undefined
    readonly secret: string | undefined
    readonly token: string | undefined
    /** As ISO 8601 has it. */
    readonly expiration: string | undefined
  }
  readonly keys: Pick<Names, "id" | "secret" | "token" | "expiration">
  readonly lines: ReadonlyMap<string, number>
}

/** Which STS a profile names. */
export interface Endpoint {
  readonly endpoint: Setting | undefined
  readonly region: Setting | undefined
  /** The switch that turns on the endpoint inside the VPC. */
  readonly vpc: Setting | undefined
  /** The region of the profile's other requests, for a VPC endpoint without a region of its own. */
  readonly inside: Setting | undefined
}

/** What STS is asked for, and where. */
export interface Session {
  readonly roleSessionName: string | undefined
  readonly durationSeconds: number | undefined
  readonly policy: string | undefined
  readonly endpoint: Endpoint
  /** Where the fields of the request stand, by their names. */
  readonly stated: Readonly<Record<string, SettingPlace>>
}

/** A role that a profile assumes. */
export interface Role extends At, Session {
  readonly roleArn: string
  readonly externalId: string | undefined
}

/** The variables that a pod with a RAM role has. */
export const podVariables = {
  roleArn: "ALIBABA_CLOUD_ROLE_ARN",
  oidcProviderArn: "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
  oidcTokenFile: "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
  roleSessionName: "ALIBABA_CLOUD_ROLE_SESSION_NAME"
} as const satisfies Readonly<Record<string, Variable>>

/** A role for the token of an identity provider. What a profile leaves out, {@link podVariables} state. */
export interface Oidc extends At, Session {
  readonly _tag: "Oidc"
  readonly roleArn: string | undefined
  readonly oidcProviderArn: string | undefined
  readonly oidcTokenFile: string | undefined
  readonly keys: Pick<Names, "roleArn" | "oidcProviderArn" | "oidcTokenFile">
  /** The line of the profile's beginning. */
  readonly header: number
}

/** The tokens of a person who has logged in. */
export interface OAuthTokens {
  /** What is exchanged for credentials. A profile's `oauth_access_token`. */
  readonly accessToken: Redacted.Redacted | undefined
  /** When the access token ends; at once, where it is undefined. `oauth_access_token_expire`. */
  readonly accessTokenExpiration: DateTime.Utc | undefined
  /** What brings the next tokens. `oauth_refresh_token`. */
  readonly refreshToken: Redacted.Redacted | undefined
}

/** What needs no other profile. */
export type Base =
  | Keys
  | (At & { readonly _tag: "EcsRamRole"; readonly roleName: string | undefined })
  | Oidc
  | (At & { readonly _tag: "CredentialsUri"; readonly uri: Redacted.Redacted | undefined })
  | (At & { readonly _tag: "External"; readonly command: Redacted.Redacted })
  | (At & {
      readonly _tag: "CloudSso"
      readonly signInUrl: string
      readonly accountId: string
      readonly accessConfiguration: string
      readonly accessToken: Redacted.Redacted
      readonly accessTokenExpiration: DateTime.Utc
    })
  | (At & { readonly _tag: "OAuth"; readonly site: "CN" | "INTL"; readonly tokens: OAuthTokens })

/**
 * The way to credentials: a base, and the roles over it from the first that is assumed to the last, the profile's own.
 */
export interface Plan {
  readonly profile: string
  readonly base: Base
  readonly roles: ReadonlyArray<Role>
}

/** A plan, or what is wrong with the profile. */
export type Planned = Result.Result<Plan, Fault>

/** A profile's part of a plan: a base, or a role over a base of its own or over another profile. */
export type Step =
  | { readonly base: Base; readonly role?: Role }
  | { readonly role: Role; readonly source: string; readonly base?: never }

/** A step, or what is wrong with the profile. */
export type Stepped = Result.Result<Step, Fault>

/** The place of a setting. */
export const at = (section: Section, key: string): At => ({
  profile: section.name,
  line: lineOf(section, key)
})

/** A text that may be secret. */
export const secret = (
  section: Section,
  key: AlibabaKey
): Result.Result<Redacted.Redacted | undefined, Fault> =>
  Result.map(text(section, key), (value) => (value === undefined ? undefined : Redacted.make(value)))

/** When the keys end; an impossible time does not make them permanent. */
const end = (section: Section, key: AlibabaNumber | undefined): Result.Result<string | undefined, Fault> =>
  key === undefined
    ? Result.succeed(undefined)
    : Result.flatMap(count(section, key), (seconds) => {
        if (seconds === undefined) return Result.succeed(undefined)
        const iso = fromSeconds(seconds)
        return iso === undefined
          ? faultOf(section, "Malformed", key, `${key} is not a number of seconds since 1970`)
          : Result.succeed(iso)
      })

/** A key pair, with the token that goes with it: never, where there is one, or always. */
export const keys = (
  section: Section,
  names: Names,
  token: "without" | "optional" | "required"
): Result.Result<Keys, Fault> =>
  Result.gen(function* () {
    const one = (key: AlibabaKey) => Result.flatMap(exact(section, key), bare(section, key))
    const must = (key: AlibabaKey) => Result.flatMap(one(key), needed(section, key))
    const id = yield* must(names.id)
    const secret = yield* must(names.secret)
    if (token === "without" && id.startsWith("STS.")) {
      return yield* faultOf(
        section,
        "Incomplete",
        names.token,
        `${names.id} belongs to temporary credentials, and this mode does not use their token`,
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

const duration = (section: Section, key: AlibabaNumber): Result.Result<number | undefined, Fault> =>
  Result.flatMap(count(section, key), (seconds) =>
    seconds === undefined || (seconds >= shortest && seconds <= longest)
      ? Result.succeed(seconds)
      : faultOf(section, "Malformed", key, `${key} is not a number of seconds from ${shortest} to ${longest}`)
  )

const placed = (section: Section, key: AlibabaKey): Result.Result<Setting | undefined, Fault> =>
  Result.map(word(section, key), (value) =>
    value === undefined ? undefined : { key, value, line: lineOf(section, key) }
  )

/** The region that a profile states for everything. */
export const region = (section: Section): Result.Result<Setting | undefined, Fault> =>
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
