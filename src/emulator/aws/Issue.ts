/** What the operations that issue credentials have in common. */

import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Refusal } from "../Refusal.js"
import type { Role } from "./Account.js"
import { type AssumedRole, arnOfIdentity, type Identity, type Session, userIdOf } from "./Identity.js"
import * as Refusals from "./Refusals.js"

/** How long a role's session lasts where nothing else is asked, in seconds. */
export const defaultSeconds = 3600

const defaultUserSeconds = 43_200
const longestRootSeconds = 3600

/** How long a user's session lasts, in seconds; the root user's is never longer than an hour. */
export const userSeconds = (identity: Identity, asked = defaultUserSeconds): number =>
  identity._tag === "Root" ? Math.min(asked, longestRootSeconds) : asked

/** Refuses what is not an ARN at all. */
export const checkArn = (arn: string): Result.Result<void, Refusal> =>
  /^arn:[a-z-]+:[a-z]+:[a-z0-9-]*:[^:]*:.+$/s.test(arn)
    ? Result.void
    : Result.fail(Refusals.validation(`${arn} is invalid`))

/** Refuses a duration that is longer than the role's sessions may be. */
export const checkDuration = (role: Role, seconds: number): Result.Result<void, Refusal> =>
  seconds <= role.maxSessionDuration ? Result.void : Result.fail(Refusals.durationTooLong)

/** A session's credentials as they are answered. */
export const credentialsOf = (session: Session) => ({
  accessKeyId: session.accessKeyId,
  secretAccessKey: Redacted.value(session.secretAccessKey),
  sessionToken: Redacted.value(session.sessionToken),
  expiration: session.expiration
})

/** The session's user as it is answered. */
export const assumedRoleUserOf = (identity: AssumedRole) => ({
  assumedRoleId: userIdOf(identity),
  arn: arnOfIdentity(identity)
})
