/** What the operations that issue credentials have in common. */

import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { timestamp } from "../../protocol/timestamp.js"
import type { Refusal } from "../Refusal.js"
import { type Account, findRole, type Held, type Role } from "./Account.js"
import type { Session } from "./Caller.js"
import * as Refusals from "./Refusals.js"

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
