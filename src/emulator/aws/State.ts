/**
 * The state of the emulated AWS: its callers and their access keys, the sessions that it issued, and who is signed in.
 *
 * After a prefix of four letters an id has 80 bits in base32: first a 1, then the account's number in 40 bits.
 */

import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { IamDocument, PolicySet } from "../Policy.js"
import { type Call, operations } from "../Service.js"
import {
  base32,
  CloudState,
  findKey,
  type Generator,
  type KeyOwner,
  Remembered,
  Sessions,
  SignInTokens,
  Tokens
} from "../State.js"
import {
  type AccessKey,
  type Account,
  arnOf,
  type Held,
  type IdentityCenter,
  type Role,
  rootArn,
  type SignIn,
  type User
} from "./Account.js"

/** Tags by their keys. */
export type Tags = Readonly<Record<string, string>>

/** A role under the name of a session. */
export interface AssumedRole {
  readonly _tag: "AssumedRole"
  readonly account: Account
  readonly role: Role
  readonly name: string
  /** What narrows the role's permissions, if anything does. */
  readonly policies: ReadonlyArray<IamDocument> | undefined
  readonly sourceIdentity: string | undefined
  readonly tags: Tags
  /** Keys of the tags that pass on to the next role's session. */
  readonly transitiveTagKeys: ReadonlyArray<string>
}

/** A federated user, in the name of a user of the account. */
export interface FederatedUser {
  readonly _tag: "FederatedUser"
  readonly account: Account
  readonly name: string
  readonly tags: Tags
}

/** Who may call. */
export type Identity =
  | { readonly _tag: "Root"; readonly account: Account }
  | { readonly _tag: "User"; readonly account: Account; readonly user: User }
  | AssumedRole
  | FederatedUser

/** A role under the name of a session. Default: without session policies and tags. */
export const assumedRole = (
  { account, value: role }: Held<Role>,
  name: string,
  more: Partial<AssumedRole> = {}
): AssumedRole => ({
  _tag: "AssumedRole",
  account,
  role,
  name,
  policies: undefined,
  sourceIdentity: undefined,
  tags: {},
  transitiveTagKeys: [],
  ...more
})

/** Temporary credentials and their identity. */
export interface Session {
  readonly accessKeyId: string
  readonly secretAccessKey: Redacted.Redacted
  readonly sessionToken: Redacted.Redacted
  /** Milliseconds since 1970. */
  readonly expiration: number
  readonly identity: Identity
  /** The device that was shown when they were issued. */
  readonly mfa: boolean
}

/** Who is calling, and with which temporary credentials if not with a key of their own. */
export interface Caller {
  readonly identity: Identity
  readonly session: Session | undefined
}

/** The identity's ARN. */
export const arnOfIdentity = (identity: Identity): string => {
  const { account } = identity
  switch (identity._tag) {
    case "Root":
      return rootArn(account)
    case "User":
      return arnOf(account, "user", identity.user.name)
    case "AssumedRole":
      return `arn:aws:sts::${account.id}:assumed-role/${identity.role.name}/${identity.name}`
    case "FederatedUser":
      return `arn:aws:sts::${account.id}:federated-user/${identity.name}`
  }
}

/** The identity's unique id. */
export const userIdOf = (identity: Identity): string => {
  const { account } = identity
  switch (identity._tag) {
    case "Root":
      return account.id
    case "User":
      return identity.user.id
    case "AssumedRole":
      return `${identity.role.id}:${identity.name}`
    case "FederatedUser":
      return `${account.id}:${identity.name}`
  }
}

/** The names by which a policy names this identity and no other. */
export const ownNamesOf = (identity: Identity): ReadonlyArray<string> =>
  identity._tag === "AssumedRole"
    ? [arnOf(identity.account, "role", identity.role.name), arnOfIdentity(identity)]
    : [arnOfIdentity(identity)]

/** The names by which a policy names the identity's whole account. */
export const accountNamesOf = ({ account }: Identity): ReadonlyArray<string> => [rootArn(account), account.id]

/**
 * The sets of policies that all have to allow what the identity does; none for the root user, who may do anything.
 */
export const policiesOf = (identity: Identity): ReadonlyArray<PolicySet<IamDocument>> => {
  const own = (documents: ReadonlyArray<IamDocument>) => ({
    name: `policies of ${ownNamesOf(identity)[0]}`,
    documents
  })
  switch (identity._tag) {
    case "Root":
      return []
    case "User":
      return [own(identity.user.policies)]
    case "AssumedRole":
      return identity.policies === undefined
        ? [own(identity.role.policies)]
        : [
            own(identity.role.policies),
            { name: `session policies of ${arnOfIdentity(identity)}`, documents: identity.policies }
          ]
    case "FederatedUser":
      return [own([])]
  }
}

const accessKeyIdForm = /^A[A-Z]{3}([A-Z2-7]{16})$/

const accountShift = 39n
const accountMask = (1n << 40n) - 1n
const marker = 1n << 79n

const decode = (text: string): bigint => {
  let bits = 0n
  for (const character of text) bits = (bits << 5n) | BigInt(base32.indexOf(character))
  return bits
}

const encode = (bits: bigint): string => {
  let text = ""
  for (let shift = 75n; shift >= 0n; shift -= 5n) text += base32[Number((bits >> shift) & 31n)]
  return text
}

/** The account that an access key id belongs to, unless the id is of the older kind that does not tell. */
export const accountOf = (accessKeyId: string): string | undefined => {
  const [, body] = accessKeyIdForm.exec(accessKeyId) ?? []
  if (body === undefined) return undefined
  const bits = decode(body)
  if ((bits & marker) === 0n) return undefined
  return String((bits >> accountShift) & accountMask).padStart(12, "0")
}

/** A new access key id of an account, for temporary credentials. */
const makeAccessKeyId = (accountId: string, generator: Generator): Effect.Effect<string> =>
  Effect.map(generator.base32(7), (text) => {
    const account = marker | (BigInt(accountId) << accountShift)
    return `ASIA${encode(account | decode(text))}`
  })

/** Who is signed in, and where. */
export interface SignedIn {
  readonly center: IdentityCenter
  readonly signIn: Pick<SignIn, "userName" | "clientId" | "clientSecret">
}

const signedIn = (accounts: ReadonlyArray<Account>) =>
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
export class State extends CloudState<Account> {
  readonly sessions = new Sessions<Session>()
  readonly authorizationMessages = new Remembered<AuthorizationMessage>(memory)
  readonly tradeInTokens = new Remembered<TradeIn>(memory)
  readonly sso = new SignInTokens<SignedIn>(() => signedIn(this.accounts))
  /** Who is logged in for `aws login`, by refresh token. */
  readonly logins = new Tokens<Login>(() => undefined)
  /** Proofs of possession that were used. */
  readonly proofs = new Remembered<true>(memory)

  /** The long-term access key and its owner. */
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

/** One signed call. */
export type SignedCall<Fields> = Call<Fields, Caller>

/** A declared operation and how it is answered. */
export const operation = operations<State, Caller>()
