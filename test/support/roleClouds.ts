/**
 * The emulated clouds as the tests of roles, guards and identity tokens see them: alike.
 */

import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import {
  Alibaba,
  Aws,
  type Cloud,
  type CredentialSource,
  type Refreshing,
  RequestPolicy,
  type SourceError,
  type StsConfigError
} from "../../src/index.js"
import { AlibabaSeed, AwsSeed, Emulator } from "../../src/testing.js"
import { files } from "./files.js"

export const noon = Date.UTC(2026, 0, 1, 12)

/** What the clouds' credentials have in common. */
export interface Given extends Refreshing.Renewable {
  readonly source?: string | undefined
}

export interface Role {
  readonly roleArn: string
  readonly roleSessionName?: string
  readonly durationSeconds?: number
  readonly externalId?: string
  readonly policy?: string
}

export interface Trusting {
  readonly roleArn?: string
  readonly token: Effect.Effect<Redacted.Redacted, SourceError> | { readonly file: string }
  readonly roleSessionName?: string
}

type Http = HttpClient.HttpClient
type Source<C> = CredentialSource<C>
type Wrapped<C> = Effect.Effect<Source<C>, never, Http>

/** A cloud with credentials of the type `C`, its signer already provided. */
export interface RoleCloud<C extends Given> {
  readonly cloud: Cloud
  readonly arns: {
    readonly role: string
    readonly chainedRole: string
    readonly externalIdRole: string
    readonly nobodysRole: string
    readonly oidcRole: string
    readonly user: string
  }
  readonly account: string
  /** The ARN of the role's session with this name. */
  readonly sessionArn: (name: string) => string
  /** What the cloud says of a caller without permission. */
  readonly denied: string
  /** What it says of a security token whose time is over. */
  readonly expired: string
  readonly user: Source<C>
  readonly userWithoutPermission: Source<C>
  readonly environment: Source<C>
  readonly environmentKeys: (id: string, secret: string) => Readonly<Record<string, string>>
  readonly role: (base: Source<C>, role: Role) => Wrapped<C>
  readonly webIdentity: (trusting: Trusting) => Effect.Effect<Source<C>, never, Http | FileSystem.FileSystem>
  readonly fromEnvironment: Effect.Effect<Source<C>, never, Http | FileSystem.FileSystem>
  readonly identityVariables: {
    readonly role: string
    readonly file: string
    readonly others: Readonly<Record<string, string>>
  }
  readonly mintToken: (emulator: Emulator.EmulatorService) => Effect.Effect<Redacted.Redacted>
  readonly expectAccount: (account: string) => (source: Source<C>) => Wrapped<C>
  readonly expectArn: (arn: string) => (source: Source<C>) => Wrapped<C>
  /** Whose the credentials are that a source gives. */
  readonly whoIs: (source: Source<C>) => Effect.Effect<string, unknown, Http>
  /** Keyed roles over a base, in a scope of their own. */
  readonly keyed: (capacity?: number) => Effect.Effect<Keyed<C>>
}

export interface Keyed<C> {
  readonly size: () => number
  readonly get: (base: Source<C>, role: Role) => Effect.Effect<C, SourceError, Http>
  /** Who one is as the roles, the first the outermost. */
  readonly as: (base: Source<C>, ...roles: ReadonlyArray<Role>) => Effect.Effect<string, unknown, Http>
}

const awsSigner = Aws.SignerV4.layer
const alibabaSigner = Alibaba.SignerAcs3.layer

const awsKey = (key: Aws.Static.Options): Source<Aws.Credentials> => ({
  name: "a key",
  get: Aws.CredentialProvider.pipe(
    Effect.flatMap(({ get }) => get),
    Effect.provide(Aws.Static.layer(key))
  )
})

const alibabaKey = (key: Alibaba.Static.Options): Source<Alibaba.Credentials> => ({
  name: "a key",
  get: Alibaba.CredentialProvider.pipe(
    Effect.flatMap(({ get }) => get),
    Effect.provide(Alibaba.Static.layer(key))
  )
})

export const aws: RoleCloud<Aws.Credentials> = {
  cloud: "aws",
  arns: AwsSeed.arns,
  account: AwsSeed.accountId,
  sessionArn: (name) => `arn:aws:sts::${AwsSeed.accountId}:assumed-role/reader/${name}`,
  denied: "AccessDenied",
  expired: "ExpiredToken",
  user: awsKey(AwsSeed.keys.user),
  userWithoutPermission: awsKey(AwsSeed.keys.userWithoutPermission),
  environment: Aws.Environment.source,
  environmentKeys: (id, secret) => ({ AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret }),
  role: (base, role) => Effect.provide(Aws.AssumedRole.make(base, role), awsSigner),
  webIdentity: (trusting) => Aws.WebIdentity.make({ roleArn: AwsSeed.arns.oidcRole, ...trusting }),
  fromEnvironment: Aws.WebIdentity.fromEnvironment,
  identityVariables: { role: "AWS_ROLE_ARN", file: "AWS_WEB_IDENTITY_TOKEN_FILE", others: {} },
  mintToken: ({ aws: { mintOidcToken } }) => Effect.orDie(mintOidcToken()),
  expectAccount: (account) => (source) => Effect.provide(Aws.expectAccount(account)(source), awsSigner),
  expectArn: (arn) => (source) => Effect.provide(Aws.expectArn(arn)(source), awsSigner),
  whoIs: (source) =>
    Aws.getCallerIdentity().pipe(
      Effect.map(({ arn }) => arn),
      Effect.provideService(Aws.CredentialProvider, source),
      Effect.provide(awsSigner)
    ),
  keyed: (capacity) =>
    Effect.map(
      Effect.provide(
        Effect.all([Aws.RoleCredentialsCache, Aws.Signer]),
        Layer.merge(Aws.RoleCredentialsCache.layerWith({ capacity }), awsSigner)
      ),
      ([sources, signer]): Keyed<Aws.Credentials> => {
        const services = (base: Source<Aws.Credentials>) =>
          Context.make(Aws.Signer, signer).pipe(
            Context.add(Aws.CredentialProvider, base),
            Context.add(Aws.RoleCredentialsCache, sources)
          )
        return {
          size: () => sources.size,
          get: (base, role) => Effect.provide(Aws.roleCredentials(role), services(base)),
          as: (base, ...roles) =>
            roles
              .reduceRight<
                Effect.Effect<
                  string,
                  Effect.Error<ReturnType<typeof Aws.getCallerIdentity>> | StsConfigError,
                  Aws.RoleServices
                >
              >(
                (inner, role) => Aws.asRole(role)(inner),
                Effect.map(Aws.getCallerIdentity(), ({ arn }) => arn)
              )
              .pipe(Effect.provide(services(base)))
        }
      }
    )
}

export const alibaba: RoleCloud<Alibaba.Credentials> = {
  cloud: "alibaba",
  arns: AlibabaSeed.arns,
  account: AlibabaSeed.account.id,
  sessionArn: (name) => `acs:ram::${AlibabaSeed.account.id}:assumed-role/reader/${name}`,
  denied: "NoPermission",
  expired: "InvalidSecurityToken.Expired",
  user: alibabaKey(AlibabaSeed.keys.user),
  userWithoutPermission: alibabaKey(AlibabaSeed.keys.userWithoutPermission),
  environment: Alibaba.Environment.source,
  environmentKeys: (id, secret) => ({
    ALIBABA_CLOUD_ACCESS_KEY_ID: id,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret
  }),
  role: (base, role) => Effect.provide(Alibaba.RamRoleArn.make(base, role), alibabaSigner),
  webIdentity: (trusting) =>
    Alibaba.Oidc.make({
      roleArn: AlibabaSeed.arns.oidcRole,
      oidcProviderArn: AlibabaSeed.arns.oidcProvider,
      ...trusting
    }),
  fromEnvironment: Alibaba.Oidc.fromEnvironment,
  identityVariables: {
    role: "ALIBABA_CLOUD_ROLE_ARN",
    file: "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    others: { ALIBABA_CLOUD_OIDC_PROVIDER_ARN: AlibabaSeed.arns.oidcProvider }
  },
  mintToken: ({ alibaba: { mintOidcToken } }) => Effect.orDie(mintOidcToken()),
  expectAccount: (account) => (source) =>
    Effect.provide(Alibaba.expectAccount(account)(source), alibabaSigner),
  expectArn: (arn) => (source) => Effect.provide(Alibaba.expectArn(arn)(source), alibabaSigner),
  whoIs: (source) =>
    Alibaba.getCallerIdentity().pipe(
      Effect.map(({ arn }) => arn),
      Effect.provideService(Alibaba.CredentialProvider, source),
      Effect.provide(alibabaSigner)
    ),
  keyed: (capacity) =>
    Effect.map(
      Effect.provide(
        Effect.all([Alibaba.RoleCredentialsCache, Alibaba.Signer]),
        Layer.merge(Alibaba.RoleCredentialsCache.layerWith({ capacity }), alibabaSigner)
      ),
      ([sources, signer]): Keyed<Alibaba.Credentials> => {
        const services = (base: Source<Alibaba.Credentials>) =>
          Context.make(Alibaba.Signer, signer).pipe(
            Context.add(Alibaba.CredentialProvider, base),
            Context.add(Alibaba.RoleCredentialsCache, sources)
          )
        return {
          size: () => sources.size,
          get: (base, role) => Effect.provide(Alibaba.roleCredentials(role), services(base)),
          as: (base, ...roles) =>
            roles
              .reduceRight<
                Effect.Effect<
                  string,
                  Effect.Error<ReturnType<typeof Alibaba.getCallerIdentity>> | StsConfigError,
                  Alibaba.RoleServices
                >
              >(
                (inner, role) => Alibaba.asRole(role)(inner),
                Effect.map(Alibaba.getCallerIdentity(), ({ arn }) => arn)
              )
              .pipe(Effect.provide(services(base)))
        }
      }
    )
}

/** A program over an emulator, at noon, with this environment and these files. */
export const emulated = <A, E>(
  program: (
    emulator: Emulator.EmulatorService
  ) => Effect.Effect<A, E, HttpClient.HttpClient | FileSystem.FileSystem>,
  environment: Readonly<Record<string, string>> = {},
  content: Parameters<typeof files>[0] = {}
) =>
  TestClock.setTime(noon).pipe(
    Effect.andThen(Emulator.Emulator),
    Effect.flatMap(program),
    RequestPolicy.adjust({ jitter: false, backoff: 0, throttledBackoff: 0, aws: { region: AwsSeed.region } }),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment)),
    Effect.provide(Layer.merge(Emulator.layer, files(content).layer))
  )

/** The operations that an emulator was asked for, in order. */
export const asked = ({ requests }: Emulator.EmulatorService) =>
  Effect.map(requests, (all) => all.map(({ operation }) => operation))
