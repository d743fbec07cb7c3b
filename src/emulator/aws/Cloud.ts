/**
 * The emulated AWS: its state, its service, and the identity providers that the emulator plays.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Generator } from "../Generator.js"
import * as IdentityProviderKey from "../IdentityProviderKey.js"
import type { Service } from "../Service.js"
import type { Account, MfaDevice } from "./Account.js"
import * as Seed from "./Seed.js"
import { State } from "./State.js"
import * as Sts from "./Sts.js"
import * as Totp from "./Totp.js"

/**
 * The emulated AWS, as a test handles it.
 *
 * @category models
 * @since 0.1.0
 */
export interface AwsCloud {
  readonly accounts: Effect.Effect<ReadonlyArray<Account>>
  /** Changes the accounts from now on; sessions that are issued stay as they are. */
  readonly updateAccounts: (
    update: (accounts: ReadonlyArray<Account>) => ReadonlyArray<Account>
  ) => Effect.Effect<void>
  /** What an MFA device shows now by the emulator's clock; the seeded one where none is given. */
  readonly mfaCode: (device?: MfaDevice) => Effect.Effect<string>
}

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
): Effect.Effect<{ readonly service: Service; readonly cloud: AwsCloud }> =>
  Effect.gen(function* () {
    const ownKey = yield* IdentityProviderKey.make
    const state = new State(accounts, generator, ownKey)
    const cloud: AwsCloud = {
      accounts: Effect.sync(() => state.accounts),
      updateAccounts: (update) =>
        Effect.sync(() => {
          state.accounts = update(state.accounts)
        }),
      mfaCode: (device = Seed.mfaDevice) => Effect.map(now, (time) => Totp.code(device.secret, time))
    }
    return { service: Sts.make(state), cloud }
  })
