/** What an emulator starts with, where somebody says so in a file: accounts, users, roles, trust and providers. */
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { AlibabaAccount, AwsAccount, Emulator } from "../testing.js"
import { ProgramError, unreadable } from "./endings.js"

const text = (description: string) => Schema.String.annotate({ description })

const optionally = <S extends Schema.Top>(schema: S) => Schema.optionalKey(schema)

const statement = Schema.Record(Schema.String, Schema.Unknown)

const policy = Schema.Struct({
  Version: optionally(Schema.String),
  Statement: Schema.Array(statement)
}).annotate({ description: "A policy document, as IAM or RAM has it." })

const policies = optionally(Schema.Array(policy).annotate({ description: "What is allowed and denied." }))

const role = Schema.Struct({
  name: text("The role's name within the account."),
  trustPolicy: policy.annotate({ description: "Who may assume it." }),
  policies,
  maxSessionDuration: optionally(
    Schema.Int.annotate({ description: "In seconds: 3600 to 43200; 3600 where left out." })
  )
})

const samlProvider = Schema.Struct({
  name: text("The provider's name within the account."),
  entityId: text("What it calls itself."),
  certificate: optionally(text("In PEM; without it the emulator is the provider."))
})

const userOf = <K extends Schema.Top>(key: K) =>
  Schema.Struct({
    name: text("The user's name within the account."),
    accessKeys: optionally(Schema.Array(key)),
    policies
  })

const accountOf = <U extends Schema.Top, O extends Schema.Top>(digits: number, user: U, oidcProvider: O) =>
  Schema.Struct({
    id: text(`The account's number: ${digits} digits.`),
    users: optionally(Schema.Array(user)),
    roles: optionally(Schema.Array(role)),
    oidcProviders: optionally(Schema.Array(oidcProvider)),
    samlProviders: optionally(Schema.Array(samlProvider))
  })

const clientIds = Schema.Array(Schema.String).annotate({
  description: "The audiences that tokens may be for."
})
const issuer = text("What its tokens state as iss. The emulator mints them.")

const awsKey = Schema.Struct({ accessKeyId: Schema.String, secretAccessKey: Schema.String })
const alibabaKey = Schema.Struct({ accessKeyId: Schema.String, accessKeySecret: Schema.String })

const awsAccount = accountOf(12, userOf(awsKey), Schema.Struct({ issuer, clientIds }))
const alibabaAccount = accountOf(
  16,
  userOf(alibabaKey),
  Schema.Struct({ name: text("The provider's name within the account."), issuer, clientIds })
)

/** The file. A cloud that it leaves out starts with the accounts that are always there. */
export const SeedFile = Schema.Struct({
  $schema: optionally(Schema.String),
  aws: optionally(Schema.Struct({ accounts: Schema.Array(awsAccount) })),
  alibaba: optionally(Schema.Struct({ accounts: Schema.Array(alibabaAccount) }))
}).annotate({ description: "What an emulator of effect-sts starts with." })

type SeedFile = typeof SeedFile.Type

// Ids that stay the same from one start to the next.
const id = (prefix: string, ...names: ReadonlyArray<string>): string =>
  prefix + createHash("sha256").update(names.join("/")).digest("hex").slice(0, 17).toUpperCase()

const number = (...names: ReadonlyArray<string>): string =>
  BigInt(`0x${createHash("sha256").update(names.join("/")).digest("hex").slice(0, 14)}`)
    .toString()
    .padStart(18, "3")

const rolesOf = (
  { id: account, roles = [] }: { readonly id: string; readonly roles?: SeedRoles },
  idOf: (...names: ReadonlyArray<string>) => string
) =>
  roles.map(({ maxSessionDuration = 3600, name, policies = [], trustPolicy }) => ({
    id: idOf(account, "role", name),
    name,
    maxSessionDuration,
    trustPolicy,
    policies
  }))

type SeedRoles = ReadonlyArray<typeof role.Type>

const ofAws = (account: typeof awsAccount.Type) => ({
  id: account.id,
  accessKeys: [],
  mfaDevices: [],
  users: (account.users ?? []).map(({ accessKeys = [], name, policies = [] }) => ({
    id: id("AIDA", account.id, name),
    name,
    accessKeys: accessKeys.map(({ accessKeyId, secretAccessKey }) => ({
      accessKeyId,
      secretAccessKey: Redacted.make(secretAccessKey),
      active: true
    })),
    mfaDevices: [],
    policies
  })),
  roles: rolesOf(account, (...names) => id("AROA", ...names)),
  oidcProviders: account.oidcProviders ?? [],
  samlProviders: account.samlProviders ?? []
})

const ofAlibaba = (account: typeof alibabaAccount.Type) => ({
  id: account.id,
  accessKeys: [],
  users: (account.users ?? []).map(({ accessKeys = [], name, policies = [] }) => ({
    id: number(account.id, name),
    name,
    accessKeys: accessKeys.map(({ accessKeyId, accessKeySecret }) => ({
      accessKeyId,
      accessKeySecret: Redacted.make(accessKeySecret),
      active: true
    })),
    policies
  })),
  roles: rolesOf(account, number),
  oidcProviders: account.oidcProviders ?? [],
  samlProviders: account.samlProviders ?? []
})

// Policies were read as documents; the emulator takes their statements by the cloud's own rules.
const accountsOf = ({ alibaba, aws }: SeedFile): Emulator.Options => ({
  ...(aws === undefined
    ? {}
    : { aws: { accounts: aws.accounts.map(ofAws) as unknown as ReadonlyArray<AwsAccount.Account> } }),
  ...(alibaba === undefined
    ? {}
    : {
        alibaba: {
          accounts: alibaba.accounts.map(ofAlibaba) as unknown as ReadonlyArray<AlibabaAccount.Account>
        }
      })
})

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(SeedFile), { onExcessProperty: "error" })

// Where it is wrong, and not what stands there: that may be a secret.
const placesIn = (message: string): string => {
  const places = Array.from(message.matchAll(/at (\["[^\n]*\])/g), ([, place]) => place)
  return places.length === 0 ? "" : `, at ${places.join(" and ")}`
}

/** Reads a file of accounts. */
export const readSeed = (file: string) =>
  Effect.try({
    try: () => readFileSync(file, "utf8"),
    catch: (error) => unreadable("seed", error)
  }).pipe(
    Effect.flatMap((content) =>
      Effect.mapError(
        decode(content),
        ({ message }) =>
          new ProgramError({
            message: `The file of --seed is not as docs/emulator-seed.schema.json has it${placesIn(message)}.`
          })
      )
    ),
    Effect.map(accountsOf)
  )
