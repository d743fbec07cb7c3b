/** The emulated clouds: accounts, services, and the identity providers that the emulator plays. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Account as AlibabaAccount } from "./alibaba/Account.js"
import * as AlibabaSaml from "./alibaba/AssumeRole.js"
import { cloudSsoPortal } from "./alibaba/CloudSso.js"
import { instanceMetadata as alibabaInstanceMetadata, credentialsServer } from "./alibaba/HostedRole.js"
import { oauthService } from "./alibaba/OAuth.js"
import * as AlibabaSeed from "./alibaba/Seed.js"
import { type Session as AlibabaSession, State as AlibabaState, identityOf } from "./alibaba/State.js"
import * as AlibabaSts from "./alibaba/Sts.js"
import type { Account as AwsAccount, MfaDevice } from "./aws/Account.js"
import * as AwsSaml from "./aws/Federation.js"
import { containerCredentials, instanceMetadata } from "./aws/HostedRole.js"
import { portal, tokenService } from "./aws/IdentityCenter.js"
import { type LoginFile, type LoginOptions, login, type NoSuchUserError, signInService } from "./aws/Login.js"
import { mfaCode } from "./aws/Permission.js"
import * as AwsSeed from "./aws/Seed.js"
import { type Session as AwsSession, State as AwsState, arnOfIdentity } from "./aws/State.js"
import * as AwsSts from "./aws/Sts.js"
import { discovery } from "./aws/WebIdentityToken.js"
import {
  type AuthorizationMessageOptions,
  mintAuthorizationMessage,
  mintTradeInToken,
  type TradeInTokenOptions
} from "./aws/WithoutRole.js"
import { alibabaConsole, awsConsole } from "./ConsoleSignIn.js"
import type { IdentityProviderKey, MissingPackageError } from "./IdentityProvider.js"
import * as IdentityProvider from "./IdentityProvider.js"
import * as Saml from "./Saml.js"
import { endpointService, type Service } from "./Service.js"
import type { Generator, Sessions } from "./State.js"

/** The contents of an OIDC token. By default, the seeded role accepts it. */
export interface OidcTokenOptions {
  /** The issuer. */
  readonly issuer?: string | undefined
  /** The subject. */
  readonly subject?: string | undefined
  /** The audience. */
  readonly audience?: string | ReadonlyArray<string> | undefined
  /** Default: 1 hour. */
  readonly expiresIn?: Duration.Input | undefined
  /** Further claims. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
}

/** The contents of a SAML response. By default, the seeded role accepts it. */
export interface SamlResponseOptions {
  /** The issuer. */
  readonly issuer?: string | undefined
  /** The subject. */
  readonly subject?: string | undefined
  /** The audience. */
  readonly audience?: string | undefined
  /** The URL that it is sent to. */
  readonly recipient?: string | undefined
  /** The role to assume. */
  readonly roleArn?: string | undefined
  /** The identity provider, as the cloud knows it. */
  readonly samlProviderArn?: string | undefined
  /** The session's name in audit logs. */
  readonly roleSessionName?: string | undefined
  /** Default: 5 minutes. */
  readonly expiresIn?: Duration.Input | undefined
  /** Further attributes, by their names. */
  readonly attributes?: Readonly<Record<string, string>> | undefined
}

/** Identity providers as a test handles them. */
export interface Minting {
  /** A token of the emulator's OIDC provider. */
  readonly mintOidcToken: (
    options?: OidcTokenOptions
  ) => Effect.Effect<Redacted.Redacted, MissingPackageError>
  /** A response of the emulator's SAML provider, in base64. */
  readonly mintSamlResponse: (
    options?: SamlResponseOptions
  ) => Effect.Effect<Redacted.Redacted, MissingPackageError>
}

/** A session that the emulator issued. */
export interface IssuedSession {
  /** The id of its access key. */
  readonly accessKeyId: string
  /** The secret of that key. */
  readonly secret: Redacted.Redacted
  /** The token that goes with it. */
  readonly token: Redacted.Redacted
  /** Whom it stands for. */
  readonly arn: string
  /** When it ends, in milliseconds since 1970. */
  readonly expiration: number
}

/** A cloud, as a test controls it. */
interface Cloud<Account> extends Minting {
  /** The accounts as they are now. */
  readonly accounts: Effect.Effect<ReadonlyArray<Account>>
  /** The sessions that were issued in the last two days, ended ones too, the oldest first. */
  readonly sessions: Effect.Effect<ReadonlyArray<IssuedSession>>
  /** Changes the accounts from now on; sessions that are issued stay as they are. */
  readonly updateAccounts: (
    update: (accounts: ReadonlyArray<Account>) => ReadonlyArray<Account>
  ) => Effect.Effect<void>
}

/** The emulated Alibaba Cloud, as a test controls it. */
export interface AlibabaCloud extends Cloud<AlibabaAccount> {}

/** The emulated AWS, as a test controls it. */
export interface AwsCloud extends Cloud<AwsAccount> {
  /** The current code of an MFA device, by the emulator's clock. Default: the seeded device. */
  readonly mfaCode: (device?: MfaDevice) => Effect.Effect<string>
  /** Logs a user in, as `aws login` does. */
  readonly login: (options?: LoginOptions) => Effect.Effect<LoginFile, NoSuchUserError>
  /** An encoded message for DecodeAuthorizationMessage. */
  readonly mintAuthorizationMessage: (options?: AuthorizationMessageOptions) => Effect.Effect<string>
  /** A trade-in token for GetDelegatedAccessToken. */
  readonly mintTradeInToken: (options?: TradeInTokenOptions) => Effect.Effect<Redacted.Redacted>
}

/** What a cloud is made of besides its accounts. */
interface Surroundings {
  /** What the emulator signs with where it is the identity provider itself. */
  readonly ownKey: Effect.Effect<IdentityProviderKey>
  readonly generator: Generator
  /** The emulator's clock, in milliseconds since 1970. */
  readonly now: Effect.Effect<number>
}

/** A cloud, its STS, and what stands beside it. */
interface Made<out C> {
  readonly sts: Service
  readonly endpoints: ReadonlyArray<Service>
  readonly cloud: C
}

/** What a cloud's seeded role accepts. */
interface Accepted {
  readonly oidc: { readonly issuer: string; readonly subject: string; readonly audience: string }
  readonly saml: {
    readonly issuer: string
    readonly audience: string
    readonly recipient: string
    readonly roleArn: string
    readonly samlProviderArn: string
  }
  /** The names of attributes. */
  readonly attributes: { readonly role: string; readonly roleSessionName: string }
}

const acceptedBy = (
  seed: typeof AlibabaSeed | typeof AwsSeed,
  {
    samlAttributes,
    samlAudience
  }: Pick<typeof AlibabaSaml | typeof AwsSaml, "samlAttributes" | "samlAudience">
): Accepted => ({
  oidc: { issuer: seed.oidcIssuer, subject: seed.oidcSubject, audience: seed.oidcClientId },
  saml: {
    issuer: seed.samlEntityId,
    audience: samlAudience,
    recipient: seed.samlRecipient,
    roleArn: seed.arns.samlRole,
    samlProviderArn: seed.arns.samlProvider
  },
  attributes: samlAttributes
})

const statementOf = (accepted: Accepted, options: SamlResponseOptions, id: string): Saml.Statement => {
  const { attributes, saml } = accepted
  return {
    id,
    issuer: options.issuer ?? saml.issuer,
    subject: options.subject ?? "alice@emulator.test",
    audience: options.audience ?? saml.audience,
    recipient: options.recipient ?? saml.recipient,
    expiresIn: options.expiresIn ?? "5 minutes",
    attributes: {
      [attributes.role]: `${options.roleArn ?? saml.roleArn},${options.samlProviderArn ?? saml.samlProviderArn}`,
      [attributes.roleSessionName]: options.roleSessionName ?? "alice",
      ...options.attributes
    }
  }
}

/** What every cloud has. `now` is the emulator's clock, in milliseconds since 1970. */
const common = <Account, Session>(
  state: { accounts: ReadonlyArray<Account>; readonly sessions: Sessions<Session> },
  accepted: Accepted,
  issued: (session: Session) => IssuedSession,
  { generator, now, ownKey }: Surroundings
): Cloud<Account> => ({
  accounts: Effect.sync(() => state.accounts),
  sessions: Effect.map(now, (time) => state.sessions.all(time).map(issued)),
  updateAccounts: (update) =>
    Effect.sync(() => {
      state.accounts = update(state.accounts)
    }),
  mintOidcToken: (options = {}) =>
    Effect.flatMap(Effect.all([ownKey, now]), ([key, time]) =>
      IdentityProvider.mint(
        key,
        {
          issuer: options.issuer ?? accepted.oidc.issuer,
          subject: options.subject ?? accepted.oidc.subject,
          audience: options.audience ?? accepted.oidc.audience,
          expiresIn: options.expiresIn ?? "1 hour",
          extra: options.claims ?? {}
        },
        time
      )
    ),
  mintSamlResponse: (options = {}) =>
    Effect.flatMap(Effect.all([ownKey, now, generator.text(32)]), ([key, time, id]) =>
      Saml.mint(key, statementOf(accepted, options, id), time)
    )
})

const alibabaSession = (session: AlibabaSession): IssuedSession => ({
  accessKeyId: session.accessKeyId,
  secret: session.accessKeySecret,
  token: session.securityToken,
  arn: identityOf({ _tag: "AssumedRoleUser", account: session.account, session })["Arn"] ?? "",
  expiration: session.expiration
})

const awsSession = (session: AwsSession): IssuedSession => ({
  accessKeyId: session.accessKeyId,
  secret: session.secretAccessKey,
  token: session.sessionToken,
  arn: arnOfIdentity(session.identity),
  expiration: session.expiration
})

/** The emulated Alibaba Cloud. Its STS answers whatever no other service recognises. */
export const makeAlibaba = (
  accounts: ReadonlyArray<AlibabaAccount>,
  around: Surroundings
): Made<AlibabaCloud> => {
  const state = new AlibabaState(accounts, around.generator, around.ownKey)
  const sts = AlibabaSts.make(state)
  const shared = { ...sts, requestId: around.generator.requestId }
  const endpoints = [
    alibabaInstanceMetadata(state),
    credentialsServer(state),
    cloudSsoPortal(state),
    oauthService(state),
    alibabaConsole(state)
  ]
  return {
    sts,
    endpoints: endpoints.map((endpoint) => endpointService(shared, endpoint)),
    cloud: common(state, acceptedBy(AlibabaSeed, AlibabaSaml), alibabaSession, around)
  }
}

/** The emulated AWS. */
export const makeAws = (accounts: ReadonlyArray<AwsAccount>, around: Surroundings): Made<AwsCloud> => {
  const { generator, now, ownKey } = around
  const state = new AwsState(accounts, generator, ownKey)
  const sts = AwsSts.make(state)
  const shared = {
    ...sts,
    requestId: Effect.map(generator.requestId, (requestId) => requestId.toLowerCase())
  }
  const endpoints = [
    instanceMetadata(state),
    containerCredentials(state),
    portal(state),
    tokenService(state),
    signInService(state),
    awsConsole(state)
  ]
  return {
    sts,
    endpoints: [...endpoints.map((endpoint) => endpointService(shared, endpoint)), discovery(state, sts)],
    cloud: {
      ...common(state, acceptedBy(AwsSeed, AwsSaml), awsSession, around),
      mfaCode: (device = AwsSeed.mfaDevice) => Effect.map(now, (time) => mfaCode(device.secret, time)),
      login: (options = {}) => Effect.flatMap(now, (time) => login(state, options, time)),
      mintAuthorizationMessage: (options = {}) =>
        Effect.flatMap(now, (time) => mintAuthorizationMessage(state, options, time)),
      mintTradeInToken: (options = {}) =>
        Effect.flatMap(now, (time) => mintTradeInToken(state, options, time))
    }
  }
}
