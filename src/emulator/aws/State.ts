/** What the emulated AWS knows: accounts, the sessions it issued, and who is signed in. */

import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Generator } from "../Generator.js"
import type { IdentityProviderKey } from "../IdentityProvider.js"
import { findKey, type KeyOwner, Remembered, Sessions, SignInTokens, Tokens } from "../State.js"
import type { AccessKey, Account, IdentityCenter, SignIn, User } from "./Account.js"
import { type Identity, makeAccessKeyId, type Session } from "./Identity.js"

/** Who is signed in, and where. */
export interface SignedIn {
  readonly center: IdentityCenter
  readonly signIn: SignIn
}

const signedIn = (accounts: ReadonlyArray<Account>): ReadonlyArray<SignedIn> =>
  accounts.flatMap(({ identityCenter: center }) =>
    center === undefined ? [] : center.signIns.map((signIn) => ({ center, signIn }))
  )

const memory = Duration.toMillis("48 hours")

interface AuthorizationMessage {
  readonly accountId: string
  readonly text: string
}

/** Who is logged in, and which key stands for it. */
export interface Login {
  readonly identity: Identity
  readonly thumbprint: string
}

interface TradeIn {
  readonly roleArn: string
  /** Milliseconds since 1970. */
  readonly expiration: number
}

/** The state of one emulator. */
export class State {
  readonly sessions = new Sessions<Session>()
  readonly authorizationMessages = new Remembered<AuthorizationMessage>(memory)
  readonly tradeInTokens = new Remembered<TradeIn>(memory)
  readonly sso = new SignInTokens(() => signedIn(this.accounts))
  /** Who is logged in for `aws login`, by refresh token. */
  readonly logins = new Tokens<Login>(() => undefined)
  /** Proofs of possession that were used. */
  readonly proofs = new Remembered<true>(memory)

  constructor(
    public accounts: ReadonlyArray<Account>,
    readonly generator: Generator,
    /** What the emulator signs with where it is the identity provider itself. */
    readonly ownKey: Effect.Effect<IdentityProviderKey>
  ) {}

  /** The long-term access key and whom it stands for. */
  findKey(accessKeyId: string): KeyOwner<AccessKey, Identity> | undefined {
    return findKey<AccessKey, User, Account, Identity>(
      this.accounts,
      accessKeyId,
      (account) => ({ _tag: "Root", account }),
      (account, user) => ({ _tag: "User", account, user })
    )
  }

  /** Issues credentials for an identity. */
  issue(identity: Identity, seconds: number, now: number, mfa = false): Effect.Effect<Session> {
    return Effect.gen({ self: this }, function* () {
      const accessKeyId = yield* makeAccessKeyId(identity.account.id, this.generator)
      const token = `IQoJb3JpZ2luX2Vj${yield* this.generator.text(240)}`
      const session: Session = {
        accessKeyId,
        secretAccessKey: Redacted.make(yield* this.generator.text(40)),
        sessionToken: Redacted.make(token),
        expiration: (Math.floor(now / 1000) + seconds) * 1000,
        identity,
        mfa
      }
      this.sessions.add(session, accessKeyId, token, now)
      return session
    })
  }
}
