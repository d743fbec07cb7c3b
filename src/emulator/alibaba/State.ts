/**
 * What the emulated Alibaba Cloud knows: who may call, the sessions that it issued, the nonces that it saw, and who is signed
 * in.
 */

import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { timestamp } from "../../protocol/encoding.js"
import type { PolicySet, RamDocument } from "../Policy.js"
import { type Call, operations, type Refusal } from "../Service.js"
import { CloudState, findKey, type KeyOwner, Remembered, Sessions, SignInTokens } from "../State.js"
import {
  type AccessKey,
  type Account,
  arnOf,
  findRole,
  type Held,
  type OAuthSignIn,
  type Role,
  rootArn,
  type User
} from "./Account.js"
import * as Refusals from "./Refusals.js"

/** A session of a role, with the credentials that were issued for it. */
export interface Session {
  readonly accessKeyId: string
  readonly accessKeySecret: Redacted.Redacted
  readonly securityToken: Redacted.Redacted
  /** Milliseconds since 1970. */
  readonly expiration: number
  readonly account: Account
  readonly role: Role
  readonly name: string
  /** Narrows what the role may do. */
  readonly policy: RamDocument | undefined
  readonly sourceIdentity: string | undefined
}

/** Who is calling. */
export type Caller =
  | { readonly _tag: "Account"; readonly account: Account }
  | { readonly _tag: "RAMUser"; readonly account: Account; readonly user: User }
  | { readonly _tag: "AssumedRoleUser"; readonly account: Account; readonly session: Session }

/** Every name by which a trust policy may name the caller. */
export const principalsOf = (caller: Caller): ReadonlyArray<string> => {
  const root = rootArn(caller.account)
  switch (caller._tag) {
    case "Account":
      return [root]
    case "RAMUser":
      return [root, arnOf(caller.account, "user", caller.user.name)]
    case "AssumedRoleUser":
      return [root, arnOf(caller.account, "role", caller.session.role.name)]
  }
}

/** The sets of policies that all have to allow what the caller does; none for the account itself. */
export const policiesOf = (caller: Caller): ReadonlyArray<PolicySet<RamDocument>> => {
  const own = (documents: ReadonlyArray<RamDocument>) => ({
    name: `policies of ${principalsOf(caller)[1]}`,
    documents
  })
  switch (caller._tag) {
    case "Account":
      return []
    case "RAMUser":
      return [own(caller.user.policies)]
    case "AssumedRoleUser": {
      const { policy, role } = caller.session
      return policy === undefined
        ? [own(role.policies)]
        : [
            own(role.policies),
            { name: `session policy of ${identityOf(caller)["Arn"]}`, documents: [policy] }
          ]
    }
  }
}

/** The caller as GetCallerIdentity describes it. */
export const identityOf = (caller: Caller): Readonly<Record<string, string>> => {
  const AccountId = caller.account.id
  switch (caller._tag) {
    case "Account":
      return {
        IdentityType: "Account",
        AccountId,
        PrincipalId: AccountId,
        UserId: AccountId,
        Arn: rootArn(caller.account)
      }
    case "RAMUser":
      return {
        IdentityType: "RAMUser",
        AccountId,
        PrincipalId: caller.user.id,
        UserId: caller.user.id,
        Arn: arnOf(caller.account, "user", caller.user.name)
      }
    case "AssumedRoleUser": {
      const { name, role } = caller.session
      return {
        IdentityType: "AssumedRoleUser",
        AccountId,
        RoleId: role.id,
        PrincipalId: `${role.id}:${name}`,
        Arn: `acs:ram::${AccountId}:assumed-role/${role.name}/${name}`
      }
    }
  }
}

/** The role of an ARN. */
export const roleOf = (accounts: ReadonlyArray<Account>, arn: string): Result.Result<Held<Role>, Refusal> =>
  Result.fromNullishOr(findRole(accounts, arn), () => Refusals.roleNotFound)

/** Refuses a duration that is longer than the role's sessions may be. */
export const checkDuration = (role: Role, seconds: number): Result.Result<void, Refusal> =>
  seconds <= role.maxSessionDuration ? Result.void : Result.fail(Refusals.durationSeconds)

/** A session's credentials as they are answered. */
export const credentialsOf = (session: Session) => ({
  AccessKeyId: session.accessKeyId,
  AccessKeySecret: Redacted.value(session.accessKeySecret),
  SecurityToken: Redacted.value(session.securityToken),
  Expiration: timestamp(session.expiration)
})

/**
 * The session's user, whose ARN AssumeRole spells in another way than the operations for identity providers do.
 */
export const assumedRoleUserOf = ({ account, name, role }: Session, by: "role" | "provider") => ({
  Arn:
    by === "role"
      ? `acs:ram::${account.id}:role/${role.name}/${name}`
      : `acs:sts::${account.id}:assumed-role/${role.name}/${name}`,
  AssumedRoleId: `${role.id}:${name}`
})

/** Who is signed in, and where. */
export interface SignedIn {
  readonly account: Account
  readonly signIn: OAuthSignIn
}

/** Who is signed in through OAuth. */
export const signedIn = (accounts: ReadonlyArray<Account>): ReadonlyArray<SignedIn> =>
  accounts.flatMap((account) => (account.oauthSignIns ?? []).map((signIn) => ({ account, signIn })))

/** How far a request's time may be off, and how long its nonce is remembered. */
export const windowMillis = Duration.toMillis("15 minutes")

/** The state of one emulator. */
export class State extends CloudState<Account> {
  readonly sessions = new Sessions<Session>()
  private readonly nonces = new Remembered<true>(windowMillis)
  readonly oauth = new SignInTokens<SignedIn>(() => signedIn(this.accounts))

  /** The long-lived access key and its owner. */
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

/** One signed call. */
export type SignedCall<Fields> = Call<Fields, Caller>

/** A declared operation and how it is answered. */
export const operation = operations<State, Caller>()
