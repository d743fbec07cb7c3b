/** The emulated AWS: its state, its services, and the identity providers that the emulator plays. */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Generator } from "../Generator.js"
import type { IdentityProviderKey } from "../IdentityProviderKey.js"
import * as Minting from "../Minting.js"
import { endpointService, type Service } from "../Service.js"
import type { Account, MfaDevice } from "./Account.js"
import { samlAttributes, samlAudience } from "./AssumeRoleWithSAML.js"
import * as TradeInToken from "./GetDelegatedAccessToken.js"
import { containerCredentials, instanceMetadata } from "./HostedRole.js"
import { portal, tokenService } from "./IdentityCenter.js"
import { type AuthorizationMessageOptions, mintAuthorizationMessage } from "./Introspection.js"
import { type LoginFile, type LoginOptions, login, type NoSuchUserError, signInService } from "./Login.js"
import * as Mfa from "./Mfa.js"
import * as Seed from "./Seed.js"
import { State } from "./State.js"
import * as Sts from "./Sts.js"
import { discovery } from "./WebIdentityToken.js"

/** The emulated AWS, as a test handles it. */
export interface AwsCloud extends Minting.Minting {
  readonly accounts: Effect.Effect<ReadonlyArray<Account>>
  /** Changes the accounts from now on; sessions that are issued stay as they are. */
  readonly updateAccounts: (
    update: (accounts: ReadonlyArray<Account>) => ReadonlyArray<Account>
  ) => Effect.Effect<void>
  /** What an MFA device shows now by the emulator's clock; the seeded one where none is given. */
  readonly mfaCode: (device?: MfaDevice) => Effect.Effect<string>
  /** Logs a user in, as `aws login` does. */
  readonly login: (options?: LoginOptions) => Effect.Effect<LoginFile, NoSuchUserError>
  /** A message for DecodeAuthorizationMessage, as a service encodes it when it refuses. */
  readonly mintAuthorizationMessage: (options?: AuthorizationMessageOptions) => Effect.Effect<string>
  /** A token for GetDelegatedAccessToken, by which a customer delegates access. */
  readonly mintTradeInToken: (options?: TradeInToken.TradeInTokenOptions) => Effect.Effect<Redacted.Redacted>
}

const accepted: Minting.Accepted = {
  oidc: { issuer: Seed.oidcIssuer, subject: Seed.oidcSubject, audience: Seed.oidcClientId },
  saml: {
    issuer: Seed.samlEntityId,
    audience: samlAudience,
    recipient: Seed.samlRecipient,
    roleArn: Seed.arns.samlRole,
    samlProviderArn: Seed.arns.samlProvider
  },
  attributes: samlAttributes
}

/** Makes the cloud. `now` is the emulator's clock, in milliseconds since 1970. */
export const make = (
  accounts: ReadonlyArray<Account>,
  ownKey: Effect.Effect<IdentityProviderKey>,
  generator: Generator,
  now: Effect.Effect<number>
): { readonly services: ReadonlyArray<Service>; readonly cloud: AwsCloud } => {
  const state = new State(accounts, generator, ownKey)
  const sts = Sts.make(state)
  const shared = {
    ...sts,
    requestId: Effect.map(generator.requestId, (requestId) => requestId.toLowerCase())
  }
  const endpoints = [
    instanceMetadata(state),
    containerCredentials(state),
    portal(state),
    tokenService(state),
    signInService(state)
  ].map((endpoint) => endpointService(shared, endpoint))
  return {
    services: [...endpoints, discovery(state, sts), sts],
    cloud: {
      accounts: Effect.sync(() => state.accounts),
      updateAccounts: (update) =>
        Effect.sync(() => {
          state.accounts = update(state.accounts)
        }),
      mfaCode: (device = Seed.mfaDevice) => Effect.map(now, (time) => Mfa.code(device.secret, time)),
      login: (options = {}) => Effect.flatMap(now, (time) => login(state, options, time)),
      mintAuthorizationMessage: (options = {}) =>
        Effect.flatMap(now, (time) => mintAuthorizationMessage(state, options, time)),
      mintTradeInToken: (options = {}) =>
        Effect.flatMap(now, (time) => TradeInToken.mint(state, options, time)),
      ...Minting.make(accepted, ownKey, generator, now)
    }
  }
}
