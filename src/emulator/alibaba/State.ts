/** What the emulated Alibaba Cloud knows: accounts, the sessions it issued, the nonces it saw, and who is signed in. */

import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Generator } from "../Generator.js"
import type { IdentityProviderKey } from "../IdentityProvider.js"
import { findKey, type KeyOwner, Remembered, Sessions, SignInTokens } from "../State.js"
import type { AccessKey, Account, OAuthSignIn, User } from "./Account.js"
import type { Caller, Session } from "./Identity.js"

/** Who is signed in, and where. */
export interface SignedIn {
  readonly account: Account
  readonly signIn: OAuthSignIn
}

const signedIn = (accounts: ReadonlyArray<Account>): ReadonlyArray<SignedIn> =>
  accounts.flatMap((account) => (account.oauthSignIns ?? []).map((signIn) => ({ account, signIn })))

/** How far a request's time may be off, and how long its nonce is remembered. */
export const windowMillis = Duration.toMillis("15 minutes")

/** The state of one emulator. */
export class State {
  readonly sessions = new Sessions<Session>()
  private readonly nonces = new Remembered<true>(windowMillis)
  readonly oauth = new SignInTokens(() => signedIn(this.accounts))

  constructor(
    public accounts: ReadonlyArray<Account>,
    readonly generator: Generator,
    /** What the emulator signs with where it is the identity provider itself. */
    readonly ownKey: Effect.Effect<IdentityProviderKey>
  ) {}

  /** The long-lived access key and whom it stands for. */
  findKey(accessKeyId: string): KeyOwner<AccessKey, Caller> | undefined {
    return findKey<AccessKey, User, Account, Caller>(
      this.accounts,
      accessKeyId,
      (account) => ({ _tag: "Account", account }),
      (account, user) => ({ _tag: "RAMUser", account, user })
    )
  }

  /** Notes a nonce; false if it is known already. */
  useNonce(accessKeyId: string | undefined, nonce: string, now: number): boolean {
    const key = `${accessKeyId ?? ""} ${nonce}`
    if (this.nonces.get(key, now) !== undefined) return false
    this.nonces.set(key, true, now)
    return true
  }

  /** Issues credentials for a session. */
  issue(
    session: Pick<Session, "account" | "name" | "policy" | "role" | "sourceIdentity">,
    seconds: number,
    now: number
  ): Effect.Effect<Session> {
    return Effect.gen({ self: this }, function* () {
      const accessKeyId = `STS.${yield* this.generator.text(24)}`
      const token = `CAIS${yield* this.generator.text(196)}`
      const issued: Session = {
        ...session,
        accessKeyId,
        accessKeySecret: Redacted.make(yield* this.generator.text(44)),
        securityToken: Redacted.make(token),
        expiration: (Math.floor(now / 1000) + seconds) * 1000
      }
      this.sessions.add(issued, accessKeyId, token, now)
      return issued
    })
  }
}
