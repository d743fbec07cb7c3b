/** How credentials are handed out: to people, to shells, to other tools and to their files. */
import { devNull } from "node:os"
import process from "node:process"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { UsageError } from "./endings.js"
import { type Plain, plain, print, printTable } from "./output.js"
import { Json, optional } from "./settings.js"

/** Variables; one without a value is not to be set. */
export type Keys = Readonly<Record<string, string | undefined>>

/** Credentials in plain text. */
export interface Issued {
  readonly id: string
  readonly secret: string
  readonly token: string | undefined
  /** When they end, by ISO 8601. */
  readonly expiration: string | undefined
  /** The account that they are of, where the cloud's tools ask for it and it is known. */
  readonly accountId?: string | undefined
}

/** What a cloud's tools call things. */
export interface Names {
  /** Environment variables. */
  readonly environment: (issued: Issued) => Keys
  /** The region that calls go to. */
  readonly region: (region: string) => Keys
  /** What other variables would keep them from counting. */
  readonly conflicting: ReadonlyArray<string>
  /** What lets a server's credentials count: keys and files come before it in every tool's order. */
  readonly served: Keys
  /** What a tool reads that runs a command for credentials. */
  readonly document: (issued: Issued) => object
}

const cleared = (names: ReadonlyArray<string>): Keys =>
  Object.fromEntries(names.map((name) => [name, undefined]))

/** The variables of a program that gets credentials in its environment, and no others. */
export const given = ({ conflicting, environment }: Names, issued: Issued): Keys => ({
  ...environment(issued),
  ...cleared(conflicting)
})

/** The variables of a program that asks a server for credentials, and nobody else. */
export const servedBy = ({ conflicting, served }: Names, client: Keys): Keys => ({
  // It stands first, and counts last.
  ...client,
  ...cleared(conflicting),
  ...served,
  ...client
})

const isSet = ([name]: readonly [string, unknown]): boolean => (process.env[name] ?? "").trim() !== ""

/**
 * The variables of the region: those that are set already stay as they are, where no option states another. One that
 * cannot be found out is left to who calls and needs it.
 */
export const regionOf = (
  { region }: Names,
  found: Effect.Effect<string | undefined, unknown>,
  stated: Option.Option<string>
): Effect.Effect<Keys> =>
  Effect.map(
    Effect.orElseSucceed(found, () => undefined),
    (found) => {
      const variables = Object.entries(found === undefined ? {} : region(found))
      return Object.fromEntries(
        Option.isSome(stated) ? variables : variables.filter((variable) => !isSet(variable))
      )
    }
  )

/** AWS's names. */
export const aws: Names = {
  environment: ({ accountId, expiration, id, secret, token }) => ({
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_SESSION_TOKEN: token,
    AWS_CREDENTIAL_EXPIRATION: expiration,
    AWS_ACCOUNT_ID: accountId
  }),
  region: (region) => ({ AWS_REGION: region, AWS_DEFAULT_REGION: region }),
  conflicting: [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
  ],
  served: {
    ...cleared([
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
      "AWS_CREDENTIAL_EXPIRATION",
      "AWS_ACCOUNT_ID"
    ]),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull
  },
  document: ({ accountId, expiration, id, secret, token }) => ({
    Version: 1,
    AccessKeyId: id,
    SecretAccessKey: secret,
    SessionToken: token,
    Expiration: expiration,
    AccountId: accountId
  })
}

// What the vendor's older tools and Terraform call the same, and read first.
const olderNames = ["ALICLOUD", "ALIBABACLOUD"].flatMap((prefix) =>
  [
    "ACCESS_KEY",
    "ACCESS_KEY_ID",
    "SECRET_KEY",
    "ACCESS_KEY_SECRET",
    "SECURITY_TOKEN",
    "STS_TOKEN",
    "PROFILE",
    "SHARED_CREDENTIALS_FILE",
    "CREDENTIALS_URI",
    "ECS_ROLE_NAME",
    "ECS_METADATA",
    "ROLE_ARN",
    "ROLE_SESSION_NAME",
    "ASSUME_ROLE_ARN",
    "ASSUME_ROLE_SESSION_NAME",
    "OIDC_PROVIDER_ARN",
    "OIDC_TOKEN_FILE",
    "ACCOUNT_ID"
  ].map((name) => `${prefix}_${name}`)
)

/** Alibaba Cloud's names. */
export const alibaba: Names = {
  environment: ({ id, secret, token }) => ({
    ALIBABA_CLOUD_ACCESS_KEY_ID: id,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret,
    ALIBABA_CLOUD_SECURITY_TOKEN: token,
    // For the vendor's command line tool, where a profile of its own counts before variables.
    ALIBABA_CLOUD_IGNORE_PROFILE: "TRUE"
  }),
  region: (region) => ({
    ALIBABA_CLOUD_REGION_ID: region,
    ALIBABA_CLOUD_REGION: region,
    ALICLOUD_REGION: region
  }),
  conflicting: [
    "ALIBABA_CLOUD_PROFILE",
    "ALIBABA_CLOUD_CREDENTIALS_URI",
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_ROLE_SESSION_NAME",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    "ALIBABA_CLOUD_ECS_METADATA",
    ...olderNames
  ],
  served: {
    ...cleared([
      "ALIBABA_CLOUD_ACCESS_KEY_ID",
      "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
      "ALIBABA_CLOUD_SECURITY_TOKEN"
    ]),
    ALIBABA_CLOUD_IGNORE_PROFILE: "TRUE",
    ALIBABA_CLOUD_CLI_PROFILE_DISABLED: "true",
    ALIBABA_CLOUD_CREDENTIALS_FILE: devNull,
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true"
  },
  document: ({ expiration, id, secret, token }) => ({
    mode: token === undefined ? "AK" : "StsToken",
    access_key_id: id,
    access_key_secret: secret,
    sts_token: token,
    expiration,
    sts_expiration: expiration === undefined ? undefined : Math.floor(Date.parse(expiration) / 1000)
  })
}

/** Options of every command that gives credentials. */
export const flags = {
  format: Flag.Literals("format", ["table", "env", "json", "credential-process", "profile"]).pipe(
    Flag.withMetavar("FORMAT"),
    Flag.withDescription("How to print the credentials; by default a table that hides the secrets."),
    Flag.optional
  ),
  showSecrets: Flag.Boolean("show-secrets").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Show the secrets in the table.")
  ),
  intoProfile: optional("into-profile", "NAME", "With --format profile: the profile to write.")
}

/** What the options say. */
export interface Chosen {
  readonly format: Option.Option<"table" | "env" | "json" | "credential-process" | "profile">
  readonly showSecrets: boolean
  readonly intoProfile: Option.Option<string>
}

const quoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`

/** Lines that a shell takes. */
export const exports = (variables: Keys): string => {
  const entries = Object.entries(variables)
  const set = entries.flatMap(([name, value]) =>
    value === undefined ? [] : [`export ${name}=${quoted(value)}`]
  )
  const others = entries.flatMap(([name, value]) => (value === undefined ? [name] : []))
  return [...set, ...(others.length === 0 ? [] : [`unset ${others.join(" ")}`])].join("\n")
}

const profileName = /^[\w.@+-]{1,128}$/

/** Refuses options that contradict each other, before anything is asked for. */
export const check = ({ format, intoProfile, showSecrets }: Chosen) =>
  Effect.flatMap(Json, (json): Effect.Effect<void, UsageError> => {
    const refuse = (message: string) => Effect.fail(new UsageError({ message }))
    const isTable = Option.contains(format, "table")
    if (json && isTable)
      return refuse("--format table is for people and --json is for programs: give one of them.")
    if (showSecrets && Option.isSome(format) && !isTable)
      return refuse("--show-secrets is for --format table alone.")
    if (!Option.contains(format, "profile"))
      return Option.isSome(intoProfile)
        ? refuse("--into-profile is for --format profile alone.")
        : Effect.void
    if (Option.isNone(intoProfile)) return refuse("--format profile needs --into-profile NAME.")
    return profileName.test(intoProfile.value)
      ? Effect.void
      : refuse("The value of --into-profile must be 1 to 128 letters, digits and _ . @ + -.")
  })

/** Writes credentials into a profile, and tells which file that is in, and what else is to be known of it there. */
export type Write<E, R> = (profile: string) => Effect.Effect<string, E, R>

const writeInto = <E, R>(write: Write<E, R>, { expiration }: Issued, { intoProfile }: Chosen) =>
  Effect.gen(function* () {
    const profile = Option.getOrElse(intoProfile, () => "")
    const file = yield* write(profile)
    return yield* print(
      `Profile ${profile} was written to ${file}${expiration === undefined ? "" : `; its credentials last until ${expiration}`}.`
    )
  })

/**
 * Gives credentials in the format that was chosen.
 *
 * @param answer all that is known of them, for people and for `json`
 */
export const give = <E, R>(
  names: Names,
  issued: Issued,
  answer: object,
  chosen: Chosen,
  write: Write<E, R>
) =>
  Effect.gen(function* () {
    const json = yield* Json
    const format = Option.getOrElse(chosen.format, () => (json ? "json" : "table"))
    switch (format) {
      case "table":
        return yield* printTable(plain(answer, chosen.showSecrets) as Plain)
      case "json":
        return yield* print(JSON.stringify(plain(answer, true), undefined, 2))
      case "env":
        return yield* print(exports(given(names, issued)))
      case "credential-process":
        return yield* print(JSON.stringify(names.document(issued), undefined, 2))
      case "profile":
        return yield* writeInto(write, issued, chosen)
    }
  })
