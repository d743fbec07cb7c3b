/** Who is calling: what an access key stands for. */
import type * as Redacted from "effect/Redacted"
import { type Account, arnOf, type Role, rootArn, type User } from "./Account.js"
import type { Document } from "./Policy.js"

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
  readonly policy: Document | undefined
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
export const policiesOf = (caller: Caller): ReadonlyArray<ReadonlyArray<Document>> => {
  switch (caller._tag) {
    case "Account":
      return []
    case "RAMUser":
      return [caller.user.policies]
    case "AssumedRoleUser": {
      const { policy, role } = caller.session
      return policy === undefined ? [role.policies] : [role.policies, [policy]]
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
