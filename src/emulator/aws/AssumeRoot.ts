/** AssumeRoot. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { AssumeRoot } from "../../schemas/aws/AssumeRoot.js"
import type { Refusal } from "../Refusal.js"
import { type Account, rootArn } from "./Account.js"
import * as Constraint from "./Constraint.js"
import { arnOfIdentity, type Caller } from "./Identity.js"
import { type SignedCall, signed } from "./Operation.js"
import * as Permission from "./Permission.js"
import * as Refusals from "./Refusals.js"
import { credentialsOf } from "./Session.js"
import type { State } from "./State.js"

const { integer, optional, structure, text } = Constraint

const longest = 900

const constraint = structure({
  targetPrincipal: text({ min: 12, max: 2048 }),
  taskPolicyArn: structure({ arn: Constraint.arn }),
  durationSeconds: optional(integer(0, longest))
})

const action = "sts:AssumeRoot"

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
    () => Refusals.notAuthorized(arnOfIdentity(caller.identity), action, target)
  )

const check = (state: State, { caller, fields, now }: SignedCall) =>
  Result.gen(function* () {
    const asked = yield* Constraint.check(constraint, fields)
    const task = asked.taskPolicyArn.arn
    if (!tasks.includes(task))
      return yield* Result.fail(Refusals.validation(`${task} is not a root task policy.`))
    const account = yield* memberOf(state.accounts, caller, asked.targetPrincipal)
    yield* Permission.check(caller, {
      action,
      resource: rootArn(account),
      context: {
        ...Permission.contextOf(caller, caller.session?.mfa ?? false, now),
        "sts:TaskPolicyArn": [task]
      }
    })
    return { account, seconds: asked.durationSeconds ?? longest }
  })

/** Issues credentials of a member account's root user for one task. */
export const assumeRoot = signed(AssumeRoot, (state, call) =>
  Effect.gen(function* () {
    const { account, seconds } = yield* Effect.fromResult(check(state, call))
    const session = yield* state.issue({ _tag: "Root", account }, seconds, call.now)
    const { identity } = call.caller
    return {
      credentials: credentialsOf(session),
      sourceIdentity: identity._tag === "AssumedRole" ? identity.sourceIdentity : undefined
    }
  })
)
