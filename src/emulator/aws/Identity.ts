/**
 * Who is calling: what an access key stands for, and what its id tells.
 *
 * After a prefix of four letters an id has 80 bits in base32: first a 1, then the account's number in 40 bits.
 */

import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Generator } from "../Generator.js"
import type { IamDocument } from "../Policy.js"
import { type Account, arnOf, type Held, type Role, rootArn, type User } from "./Account.js"

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

/** A user whom a user of the account vouches for. */
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

/** A role under the name of a session; nothing narrows it, and it has no tags, where nothing else is said. */
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

/** Temporary credentials and whom they stand for. */
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
export const policiesOf = (identity: Identity): ReadonlyArray<ReadonlyArray<IamDocument>> => {
  switch (identity._tag) {
    case "Root":
      return []
    case "User":
      return [identity.user.policies]
    case "AssumedRole":
      return identity.policies === undefined
        ? [identity.role.policies]
        : [identity.role.policies, identity.policies]
    case "FederatedUser":
      return [[]]
  }
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
const accessKeyIdForm = /^A[A-Z]{3}([A-Z2-7]{16})$/

const accountShift = 39n
const accountMask = (1n << 40n) - 1n
const marker = 1n << 79n

const decode = (text: string): bigint => {
  let bits = 0n
  for (const character of text) bits = (bits << 5n) | BigInt(alphabet.indexOf(character))
  return bits
}

const encode = (bits: bigint): string => {
  let text = ""
  for (let shift = 75n; shift >= 0n; shift -= 5n) text += alphabet[Number((bits >> shift) & 31n)]
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
export const makeAccessKeyId = (accountId: string, generator: Generator): Effect.Effect<string> =>
  Effect.map(generator.base32(7), (text) => {
    const account = marker | (BigInt(accountId) << accountShift)
    return `ASIA${encode(account | decode(text))}`
  })
