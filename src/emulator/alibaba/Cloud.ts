/** The emulated Alibaba Cloud: its state, its service, and the identity providers that the emulator plays. */
import * as Effect from "effect/Effect"
import type { Generator } from "../Generator.js"
import type { IdentityProviderKey } from "../IdentityProviderKey.js"
import * as Minting from "../Minting.js"
import { endpointService, type Service } from "../Service.js"
import type { Account } from "./Account.js"
import { samlAttributes, samlAudience } from "./AssumeRoleWithSAML.js"
import * as CloudSsoPortal from "./CloudSsoPortal.js"
import { credentialsServer, instanceMetadata } from "./HostedRole.js"
import * as OAuth from "./OAuth.js"
import * as Seed from "./Seed.js"
import { State } from "./State.js"
import * as Sts from "./Sts.js"

/** The emulated Alibaba Cloud, as a test handles it. */
export interface AlibabaCloud extends Minting.Minting {
  readonly accounts: Effect.Effect<ReadonlyArray<Account>>
  /** Changes the accounts from now on; sessions that are issued stay as they are. */
  readonly updateAccounts: (
    update: (accounts: ReadonlyArray<Account>) => ReadonlyArray<Account>
  ) => Effect.Effect<void>
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
): {
  /** The STS, which answers whatever nobody else does. */
  readonly service: Service
  /** What stands beside it. */
  readonly endpoints: ReadonlyArray<Service>
  readonly cloud: AlibabaCloud
} => {
  const state = new State(accounts, generator)
  const service = Sts.make(state, ownKey)
  const shared = { ...service, requestId: generator.requestId }
  const endpoints = [
    instanceMetadata(state),
    credentialsServer(state),
    CloudSsoPortal.make(state),
    OAuth.make(state)
  ].map((endpoint) => endpointService(shared, endpoint))
  return {
    service,
    endpoints,
    cloud: {
      accounts: Effect.sync(() => state.accounts),
      updateAccounts: (update) =>
        Effect.sync(() => {
          state.accounts = update(state.accounts)
        }),
      ...Minting.make(accepted, ownKey, generator, now)
    }
  }
}
