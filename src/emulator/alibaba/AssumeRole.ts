/** AssumeRole. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { Ram } from "../Policy.js"
import type { Refusal } from "../Service.js"
import { arnOf, type Role } from "./Account.js"
import {
  assumedRoleUserOf,
  type Call,
  type Caller,
  checkDuration,
  credentialsOf,
  policiesOf,
  principalsOf,
  roleOf
} from "./Caller.js"
import * as Fields from "./Fields.js"
import * as Refusals from "./Refusals.js"
import type { State } from "./State.js"

const action = "sts:AssumeRole"

const checkCaller = (caller: Caller | undefined): Result.Result<Caller, Refusal> =>
  caller === undefined || caller._tag === "Account"
    ? Result.fail(Refusals.noPermission)
    : Result.succeed(caller)

const checkPermission = (
  caller: Caller,
  roleArn: string,
  role: Role,
  context: Readonly<Record<string, ReadonlyArray<string>>>
): Result.Result<void, Refusal> => {
  const permitted = policiesOf(caller).every((documents) =>
    Ram.allows(documents, { action, resource: roleArn, context })
  )
  const principal = { kind: "RAM", names: principalsOf(caller) } as const
  return permitted && Ram.allows([role.trustPolicy], { action, principal, context })
    ? Result.void
    : Result.fail(Refusals.noPermission)
}

const sourceIdentityOf = (
  caller: Caller,
  asked: string | undefined
): Result.Result<string | undefined, Refusal> => {
  const kept = caller._tag === "AssumedRoleUser" ? caller.session.sourceIdentity : undefined
  if (kept === undefined) return Result.succeed(asked)
  // It stands for whoever is behind the whole chain, so no later session may name another.
  return asked === undefined || asked === kept ? Result.succeed(kept) : Result.fail(Refusals.noPermission)
}

const listOf = (value: string | undefined): ReadonlyArray<string> => (value === undefined ? [] : [value])

const check = (state: State, { caller: anyone, parameters }: Call) =>
  Result.gen(function* () {
    const roleArn = yield* Fields.roleArn(parameters)
    const name = yield* Fields.roleSessionName(parameters)
    const seconds = yield* Fields.durationSeconds(parameters)
    const policy = yield* Fields.policy(parameters)
    const externalId = yield* Fields.externalId(parameters)
    const asked = yield* Fields.sourceIdentity(parameters)
    const caller = yield* checkCaller(anyone)
    const { account, value: role } = yield* roleOf(state.accounts, roleArn)
    const sourceIdentity = yield* sourceIdentityOf(caller, asked)
    yield* checkPermission(caller, arnOf(account, "role", role.name), role, {
      "sts:ExternalId": listOf(externalId),
      "sts:SourceIdentity": listOf(sourceIdentity),
      "sts:RoleSessionName": [name]
    })
    yield* checkDuration(role, seconds)
    return { seconds, session: { account, role, name, policy, sourceIdentity } }
  })

/** Issues credentials of a role to a caller that it trusts. */
export const assumeRole = (state: State, call: Call): Effect.Effect<object, Refusal> =>
  Effect.gen(function* () {
    const { seconds, session } = yield* Effect.fromResult(check(state, call))
    const issued = yield* state.issue(session, seconds, call.now)
    return {
      Credentials: credentialsOf(issued),
      AssumedRoleUser: assumedRoleUserOf(issued, "role"),
      ...(issued.sourceIdentity === undefined ? undefined : { SourceIdentity: issued.sourceIdentity })
    }
  })
