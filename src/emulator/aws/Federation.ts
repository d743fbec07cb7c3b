/**
 * What the operations for identity providers have in common: whom a provider vouches for becomes a role's session.
 */
import * as Result from "effect/Result"
import type { Context } from "../Policy.js"
import type { Refusal } from "../Refusal.js"
import type { Held, Role } from "./Account.js"
import type { AssumedRole } from "./Identity.js"
import { checkDuration, defaultSeconds } from "./Issue.js"
import * as Policy from "./Policy.js"
import * as Refusals from "./Refusals.js"
import { narrow, type Sent } from "./SessionPolicy.js"
import * as SessionRequest from "./SessionRequest.js"

/** What a provider vouches for, and by which action. */
export interface Vouched extends SessionRequest.SessionRequest {
  readonly action: string
  readonly providerArn: string
  /** What conditions may ask about the proof. */
  readonly context: Context
}

const checkTrust = (role: Role, vouched: Vouched): Result.Result<void, Refusal> => {
  const context: Context = { ...vouched.context, ...SessionRequest.contextOf(vouched) }
  const principal = { kind: "Federated", names: [vouched.providerArn] } as const
  const refused = SessionRequest.actionsOf(vouched.action, vouched).find(
    (action) => Policy.decide([role.trustPolicy], { action, context, principal }) !== "Allow"
  )
  return refused === undefined ? Result.void : Result.fail(Refusals.federationNotAuthorized(refused))
}

/** A new session of a role that trusts the provider. */
export const sessionOf = (
  { account, value: role }: Held<Role>,
  vouched: Vouched,
  asked: Sent & { readonly durationSeconds: number | undefined }
) =>
  Result.gen(function* () {
    const { name, sourceIdentity, tags } = vouched
    const seconds = asked.durationSeconds ?? defaultSeconds
    yield* checkTrust(role, vouched)
    yield* checkDuration(role, seconds)
    const { packedPolicySize, policies } = yield* narrow({ ...asked, tags: tags.tags })
    const identity: AssumedRole = {
      _tag: "AssumedRole",
      account,
      role,
      name,
      policies,
      sourceIdentity,
      ...tags
    }
    return { identity, packedPolicySize, seconds }
  })
