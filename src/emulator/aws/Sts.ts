/** The emulated AWS STS: from a request to its answer. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Refusal } from "../Refusal.js"
import type { Answer, Service } from "../Service.js"
import type { WireRequest } from "../Wire.js"
import { assumeRole } from "./AssumeRole.js"
import { assumeRoleWithSAML } from "./AssumeRoleWithSAML.js"
import { assumeRoleWithWebIdentity } from "./AssumeRoleWithWebIdentity.js"
import { assumeRoot } from "./AssumeRoot.js"
import { callerOf, isGlobal, regionOf } from "./Authentication.js"
import { getDelegatedAccessToken } from "./GetDelegatedAccessToken.js"
import type { Caller } from "./Identity.js"
import * as Input from "./Input.js"
import { decodeAuthorizationMessage, getAccessKeyInfo, getCallerIdentity } from "./Introspection.js"
import type { Call, Operation } from "./Operation.js"
import * as Refusals from "./Refusals.js"
import * as Reply from "./Reply.js"
import type { State } from "./State.js"
import { getFederationToken, getSessionToken } from "./UserSession.js"
import { getWebIdentityToken } from "./WebIdentityToken.js"

const version = "2011-06-15"

const operations = new Map<string, Operation>(
  [
    assumeRole,
    assumeRoleWithSAML,
    assumeRoleWithWebIdentity,
    assumeRoot,
    decodeAuthorizationMessage,
    getAccessKeyInfo,
    getCallerIdentity,
    getDelegatedAccessToken,
    getFederationToken,
    getSessionToken,
    getWebIdentityToken
  ].map((operation) => [operation.wire.name, operation])
)

const operationOf = ({ action, host, version: asked }: Input.Input): Result.Result<Operation, Refusal> => {
  if (action === undefined) return Result.fail(Refusals.missingAction)
  const operation = asked === version ? operations.get(action) : undefined
  return operation === undefined || (isGlobal(host) && !operation.wire.globalEndpoint)
    ? Result.fail(Refusals.invalidAction(action, asked))
    : Result.succeed(operation)
}

const checkSession = ({ identity, session }: Caller, action: string): Result.Result<void, Refusal> => {
  const isOpen =
    session === undefined ||
    identity._tag === "AssumedRole" ||
    action === "GetCallerIdentity" ||
    (action === "AssumeRole" && identity._tag !== "FederatedUser")
  return isOpen ? Result.void : Result.fail(Refusals.noSessionCredentials(action))
}

const run = (
  state: State,
  request: WireRequest,
  input: Input.Input,
  operation: Operation,
  now: number
): Effect.Effect<object, Refusal> =>
  Effect.gen(function* () {
    const call: Call = {
      fields: Input.readFields(operation.wire.input, input.parameters),
      host: input.host,
      now
    }
    if (operation._tag === "Anonymous") return yield* operation.run(state, call)
    const caller = yield* Effect.fromResult(callerOf(state, request, input, now))
    yield* Effect.fromResult(checkSession(caller, operation.wire.name))
    return yield* operation.run(state, { ...call, caller })
  })

const answer = (
  state: State,
  request: WireRequest,
  input: Input.Input,
  about: Reply.About
): Effect.Effect<Answer> =>
  Effect.gen(function* () {
    const operation = yield* Effect.fromResult(operationOf(input))
    const result = yield* run(state, request, input, operation, about.now)
    const reply = Reply.success(about, operation.wire.name, operation.wire.output, result)
    return { reply, verdict: "OK" }
  }).pipe(
    Effect.catch((refusal) => Effect.succeed({ reply: Reply.failure(about, refusal), verdict: refusal.code }))
  )

// Alibaba Cloud signs in parameters of this name; its version may be any text.
const isForAnother = ({ parameters }: Input.Input): boolean => parameters["SignatureNonce"] !== undefined

const recognises = (request: WireRequest): boolean => {
  const input = Input.read(request)
  return (
    request.headers["authorization"]?.startsWith("AWS4-") === true ||
    input.form === "presigned" ||
    (input.version === version && !isForAnother(input)) ||
    regionOf(input.host) !== undefined
  )
}

/** The service over a state. */
export const make = (state: State): Service => ({
  name: "aws",
  throttling: { code: "Throttling", message: "Rate exceeded" },
  headers: { requestId: "x-amzn-requestid", retryAfter: "x-amz-retry-after" },
  recognises,
  open: (request) => {
    const input = Input.read(request)
    const about = (now: number): Effect.Effect<Reply.About> =>
      Effect.map(state.generator.requestId, (requestId) => ({ requestId: requestId.toLowerCase(), now }))
    return {
      operation: input.action,
      form: input.form,
      parameters: input.parameters,
      answer: (now) => Effect.flatMap(about(now), (about) => answer(state, request, input, about)),
      refuse: (now, error) => Effect.map(about(now), (about) => Reply.failure(about, error))
    }
  }
})
