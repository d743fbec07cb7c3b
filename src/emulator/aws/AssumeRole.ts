/** Operations that issue credentials of a role or of a root user: AssumeRole and AssumeRoot. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type AssumeRoleInput, AssumeRoleOperation } from "../../schemas/aws/AssumeRole.js"
import { type AssumeRootInput, AssumeRootOperation } from "../../schemas/aws/AssumeRoot.js"
import type { Plain } from "../../schemas/Operation.js"
import type { Context } from "../Policy.js"
import type { Refusal } from "../Service.js"
import { type Account, findRole, type Held, type Role, rootArn } from "./Account.js"
import * as Permission from "./Permission.js"
import * as Refusals from "./Refusals.js"
import {
  checkArn,
  checkDuration,
  credentialsOf,
  defaultSeconds,
  inheritedTags,
  issue,
  joinTags,
  narrow,
  requestContext,
  requiredActions,
  type SessionRequest
} from "./Session.js"
import { arnOfIdentity, assumedRole, type Caller, operation, type SignedCall, type State } from "./State.js"

type Asked = Plain<AssumeRoleInput>

const action = "sts:AssumeRole"

const longestChained = 3600

const checkCaller = ({ identity }: Caller, roleArn: string): Result.Result<void, Refusal> => {
  if (identity._tag === "Root") return Result.fail(Refusals.noRolesForRoot)
  return identity._tag === "FederatedUser"
    ? Result.fail(Refusals.notAuthorized(arnOfIdentity(identity), action, roleArn))
    : Result.void
}

// It names who is behind the whole chain, so no later session may change it.
const sourceIdentityOf = (
  { identity }: Caller,
  asked: string | undefined
): Result.Result<string | undefined, Refusal> => {
  const kept = identity._tag === "AssumedRole" ? identity.sourceIdentity : undefined
  return kept === undefined || asked === undefined || asked === kept
    ? Result.succeed(kept ?? asked)
    : Result.fail(
        Refusals.accessDenied("The source identity of a session cannot be changed by role chaining.")
      )
}

const checkTrust = (
  call: SignedCall<Asked>,
  role: Held<Role>,
  request: SessionRequest,
  callerContext: Context
): Result.Result<void, Refusal> =>
  Result.gen(function* () {
    const { fields: asked } = call
    const context: Context = {
      ...callerContext,
      ...requestContext(request),
      "sts:ExternalId": asked.externalId === undefined ? [] : [asked.externalId]
    }
    const actions = [
      ...requiredActions(action, request),
      ...(asked.providedContexts === undefined ? [] : ["sts:SetContext"])
    ]
    for (const action of actions) {
      yield* Permission.checkTrust(call, role, { action, resource: asked.roleArn, context })
    }
  })

const check = (state: State, call: SignedCall<Asked>) =>
  Result.gen(function* () {
    const { caller, fields: asked, now } = call
    const { policy, policyArns, roleArn, roleSessionName: name } = asked
    yield* checkArn(roleArn)
    yield* checkCaller(caller, roleArn)
    const mfa = yield* Permission.checkMfa(caller, asked, now)
    const tags = yield* joinTags(
      inheritedTags(caller.identity),
      asked.tags ?? [],
      asked.transitiveTagKeys ?? []
    )
    const sourceIdentity = yield* sourceIdentityOf(caller, asked.sourceIdentity)
    const role = yield* Result.fromNullishOr(findRole(state.accounts, roleArn), () =>
      Refusals.notAuthorized(arnOfIdentity(caller.identity), action, roleArn)
    )
    const callerContext = Permission.contextOf(caller, now, mfa)
    yield* checkTrust(call, role, { name, sourceIdentity, tags }, callerContext)
    const seconds = asked.durationSeconds ?? defaultSeconds
    if (caller.identity._tag === "AssumedRole" && seconds > longestChained) {
      return yield* Result.fail(Refusals.chainedDurationTooLong)
    }
    yield* checkDuration(role.value, seconds)
    const { packedPolicySize, policies } = yield* narrow({ policy, policyArns, tags: tags.tags })
    const identity = assumedRole(role, name, { policies, sourceIdentity, ...tags })
    return { identity, seconds, packedPolicySize, mfa }
  })

/** Issues credentials of a role to a caller that it trusts. */
export const assumeRole = operation(AssumeRoleOperation, (state, call) =>
  Effect.gen(function* () {
    const { mfa, ...session } = yield* Effect.fromResult(check(state, call))
    return yield* issue(state, session, call.now, mfa)
  })
)

const longestTask = 900

const rootAction = "sts:AssumeRoot"

const tasks: ReadonlyArray<string> = [
  "IAMAuditRootUserCredentials",
  "IAMCreateRootUserPassword",
  "IAMDeleteRootUserCredentials",
  "S3UnlockBucketPolicy",
  "SQSUnlockQueuePolicy"
].map((name) => `arn:aws:iam::aws:policy/root-task/${name}`)

const memberOf = (
  accounts: ReadonlyArray<Account>,
  caller: Caller,
  target: string
): Result.Result<Account, Refusal> =>
  Result.fromNullishOr(
    accounts.find(
      (account) =>
        (account.id === target || rootArn(account) === target) &&
        account.managementAccountId === caller.identity.account.id
    ),
    () => Refusals.notAuthorized(arnOfIdentity(caller.identity), rootAction, target)
  )

const checkRoot = (state: State, call: SignedCall<Plain<AssumeRootInput>>) =>
  Result.gen(function* () {
    const { caller, fields: asked } = call
    const task = asked.taskPolicyArn.arn
    if (!tasks.includes(task))
      return yield* Result.fail(Refusals.validation(`${task} is not a root task policy.`))
    const account = yield* memberOf(state.accounts, caller, asked.targetPrincipal)
    yield* Permission.check(call, rootAction, {
      resource: rootArn(account),
      context: { "sts:TaskPolicyArn": [task] }
    })
    return { account, seconds: asked.durationSeconds ?? longestTask }
  })

/** Issues credentials of a member account's root user for one task. */
export const assumeRoot = operation(AssumeRootOperation, (state, call) =>
  Effect.gen(function* () {
    const { account, seconds } = yield* Effect.fromResult(checkRoot(state, call))
    const session = yield* state.issue({ _tag: "Root", account }, seconds, call.now)
    const { identity } = call.caller
    return {
      credentials: credentialsOf(session),
      sourceIdentity: identity._tag === "AssumedRole" ? identity.sourceIdentity : undefined
    }
  })
)
