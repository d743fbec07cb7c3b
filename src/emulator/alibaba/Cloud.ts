/**
 * The emulated Alibaba Cloud: its state, its service, and the identity providers that the emulator plays.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Generator } from "../Generator.js"
import * as IdentityProviderKey from "../IdentityProviderKey.js"
import * as Oidc from "../Oidc.js"
import type { MissingPackageError } from "../OptionalPackage.js"
import * as Saml from "../Saml.js"
import type { Service } from "../Service.js"
import type { Account } from "./Account.js"
import { samlAttributes, samlAudience } from "./AssumeRoleWithSAML.js"
import * as Seed from "./Seed.js"
import { State } from "./State.js"
import * as Sts from "./Sts.js"

/**
 * What an OIDC token is to say; each field defaults to what the seeded role accepts.
 *
 * @category models
 * @since 0.1.0
 */
export interface OidcTokenOptions {
  readonly issuer?: string | undefined
  readonly subject?: string | undefined
  readonly audience?: string | ReadonlyArray<string> | undefined
  /** One hour where left out. */
  readonly expiresIn?: Duration.DurationInput | undefined
  /** Further claims. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
}

/**
 * What a SAML response is to say; each field defaults to what the seeded role accepts.
 *
 * @category models
 * @since 0.1.0
 */
export interface SamlResponseOptions {
  readonly issuer?: string | undefined
  readonly subject?: string | undefined
  readonly audience?: string | undefined
  readonly recipient?: string | undefined
  readonly roleArn?: string | undefined
  readonly samlProviderArn?: string | undefined
  readonly roleSessionName?: string | undefined
  /** Five minutes where left out. */
  readonly expiresIn?: Duration.DurationInput | undefined
}

/**
 * The emulated Alibaba Cloud, as a test handles it.
 *
 * @category models
 * @since 0.1.0
 */
export interface AlibabaCloud {
  readonly accounts: Effect.Effect<ReadonlyArray<Account>>
  /** Changes the accounts from now on; sessions that are issued stay as they are. */
  readonly updateAccounts: (
    update: (accounts: ReadonlyArray<Account>) => ReadonlyArray<Account>
  ) => Effect.Effect<void>
  /** A token of the OIDC provider that the emulator plays. */
  readonly mintOidcToken: (
    options?: OidcTokenOptions
  ) => Effect.Effect<Redacted.Redacted, MissingPackageError>
  /** A response of the SAML provider that the emulator plays, in base64. */
  readonly mintSamlResponse: (
    options?: SamlResponseOptions
  ) => Effect.Effect<Redacted.Redacted, MissingPackageError>
}

const claimsOf = (options: OidcTokenOptions): Oidc.Claims => ({
  issuer: options.issuer ?? Seed.oidcIssuer,
  subject: options.subject ?? Seed.oidcSubject,
  audience: options.audience ?? Seed.oidcClientId,
  expiresIn: options.expiresIn ?? "1 hour",
  extra: options.claims ?? {}
})

const statementOf = (options: SamlResponseOptions, id: string): Saml.Statement => ({
  id,
  issuer: options.issuer ?? Seed.samlEntityId,
  subject: options.subject ?? "alice@emulator.test",
  audience: options.audience ?? samlAudience,
  recipient: options.recipient ?? Seed.samlRecipient,
  expiresIn: options.expiresIn ?? "5 minutes",
  attributes: {
    [samlAttributes.role]: `${options.roleArn ?? Seed.arns.samlRole},${options.samlProviderArn ?? Seed.arns.samlProvider}`,
    [samlAttributes.roleSessionName]: options.roleSessionName ?? "alice"
  }
})

/**
 * Makes the cloud. `now` is the emulator's clock, in milliseconds since 1970.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  accounts: ReadonlyArray<Account>,
  generator: Generator,
  now: Effect.Effect<number>
): Effect.Effect<{ readonly service: Service; readonly cloud: AlibabaCloud }> =>
  Effect.gen(function* () {
    const ownKey = yield* IdentityProviderKey.make
    const state = new State(accounts, generator)
    const cloud: AlibabaCloud = {
      accounts: Effect.sync(() => state.accounts),
      updateAccounts: (update) =>
        Effect.sync(() => {
          state.accounts = update(state.accounts)
        }),
      mintOidcToken: (options = {}) =>
        Effect.flatMap(Effect.all([ownKey, now]), ([key, time]) => Oidc.mint(key, claimsOf(options), time)),
      mintSamlResponse: (options = {}) =>
        Effect.flatMap(Effect.all([ownKey, now, generator.text(32)]), ([key, time, id]) =>
          Saml.mint(key, statementOf(options, id), time)
        )
    }
    return { service: Sts.make(state, ownKey), cloud }
  })
