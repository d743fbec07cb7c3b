/**
 * Whether a caller may do what it asks.
 *
 * Source: "Policy evaluation logic", IAM User Guide.
 */
import * as Result from "effect/Result"
import type { Context } from "../Policy.js"
import type { Refusal } from "../Refusal.js"
import type { Held, Role } from "./Account.js"
import { accountNamesOf, arnOfIdentity, type Caller, ownNamesOf, policiesOf, userIdOf } from "./Identity.js"
import * as Policy from "./Policy.js"
import * as Refusals from "./Refusals.js"
import { tagContext } from "./Session.js"

/** What conditions may ask about a caller. */
export const contextOf = ({ identity, session }: Caller, mfa: boolean, now: number): Context => ({
  "aws:CurrentTime": [new Date(now).toISOString()],
  "aws:PrincipalArn": ownNamesOf(identity).slice(0, 1),
  "aws:PrincipalAccount": [identity.account.id],
  "aws:userid": [userIdOf(identity)],
  "aws:username": identity._tag === "User" ? [identity.user.name] : [],
  // A long-term key says nothing of devices.
  "aws:MultiFactorAuthPresent": session === undefined && !mfa ? [] : [String(mfa)],
  ...(identity._tag === "AssumedRole"
    ? {
        "aws:SourceIdentity": identity.sourceIdentity === undefined ? [] : [identity.sourceIdentity],
        ...tagContext("aws:PrincipalTag", identity.tags)
      }
    : {})
})

const refused = (caller: Caller, { action, resource = "*" }: Policy.Question) =>
  Result.fail(Refusals.notAuthorized(arnOfIdentity(caller.identity), action, resource))

/** Refuses what the caller's own policies do not allow. */
export const check = (caller: Caller, question: Policy.Question): Result.Result<void, Refusal> =>
  policiesOf(caller.identity).every((documents) => Policy.decide(documents, question) === "Allow")
    ? Result.void
    : refused(caller, question)

const trusts = (role: Role, names: ReadonlyArray<string>, question: Policy.Question) => {
  const principal = { kind: "AWS", names } as const
  const { action, context } = question
  return Policy.decide([role.trustPolicy], { action, context, principal })
}

/**
 * Refuses a role that does not trust the caller. A role that names the caller itself needs no policy of the caller's
 * within the account; one that names the whole account, or stands in another, does.
 */
export const checkTrust = (
  caller: Caller,
  { account, value: role }: Held<Role>,
  question: Policy.Question & { readonly resource: string }
): Result.Result<void, Refusal> => {
  const { identity } = caller
  const own = ownNamesOf(identity)
  const sets = policiesOf(identity).map((documents) => Policy.decide(documents, question))
  if (sets.includes("Deny") || trusts(role, [...own, ...accountNamesOf(identity)], question) !== "Allow") {
    return refused(caller, question)
  }
  const isNamed = identity.account.id === account.id && trusts(role, own, question) === "Allow"
  return isNamed || sets.every((decision) => decision === "Allow") ? Result.void : refused(caller, question)
}
