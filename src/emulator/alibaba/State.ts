/**
 * What the emulated Alibaba Cloud knows: accounts, the sessions it issued and the nonces it saw.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Generator } from "../Generator.js"
import { Remembered } from "../Remembered.js"
import type { AccessKey, Account } from "./Account.js"
import type { Caller, Session } from "./Caller.js"

/**
 * How far a request's time may be off, and how long its nonce is remembered.
 *
 * @category constants
 * @since 0.1.0
 */
export const windowMillis = Duration.toMillis("15 minutes")

// Long enough for the longest session to be called expired rather than unknown.
const sessionMemory = Duration.toMillis("48 hours")

interface KeyOwner {
  readonly key: AccessKey
  readonly caller: Caller
}

const keysOf = (account: Account): ReadonlyArray<KeyOwner> => [
  ...account.accessKeys.map((key): KeyOwner => ({ key, caller: { _tag: "Account", account } })),
  ...account.users.flatMap((user) =>
    user.accessKeys.map((key): KeyOwner => ({ key, caller: { _tag: "RAMUser", account, user } }))
  )
]

/**
 * The state of one emulator.
 *
 * @category models
 * @since 0.1.0
 */
export class State {
  private readonly sessions = new Remembered<Session>(sessionMemory)
  private readonly accessKeysOfSessions = new Remembered<true>(sessionMemory)
  private readonly nonces = new Remembered<true>(windowMillis)

  constructor(
    public accounts: ReadonlyArray<Account>,
    readonly generator: Generator
  ) {}

  /** The long-lived access key and whom it stands for. */
  findKey(accessKeyId: string): KeyOwner | undefined {
    return this.accounts.flatMap(keysOf).find(({ key }) => key.accessKeyId === accessKeyId)
  }

  /** Whether an access key was issued with a session. */
  isSessionKey(accessKeyId: string, now: number): boolean {
    return this.accessKeysOfSessions.get(accessKeyId, now) !== undefined
  }

  /** The session that a security token belongs to, expired or not. */
  findSession(securityToken: string, now: number): Session | undefined {
    return this.sessions.get(securityToken, now)
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
    return Effect.gen(this, function* () {
      const accessKeyId = `STS.${yield* this.generator.text(24)}`
      const token = `CAIS${yield* this.generator.text(196)}`
      const issued: Session = {
        ...session,
        accessKeyId,
        accessKeySecret: Redacted.make(yield* this.generator.text(44)),
        securityToken: Redacted.make(token),
        expiration: (Math.floor(now / 1000) + seconds) * 1000
      }
      this.sessions.set(token, issued, now)
      this.accessKeysOfSessions.set(accessKeyId, true, now)
      return issued
    })
  }
}
