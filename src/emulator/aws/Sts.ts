/** The emulated AWS STS: from a request to its answer, in XML. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { AwsOperation } from "../../schemas/Operation.js"
import type { Authentication } from "../../schemas/Request.js"
import type { Note } from "../Policy.js"
import {
  type Answer,
  type Answering,
  answered,
  type Refusal,
  type Service,
  type WireRequest
} from "../Service.js"
import { assumeRole, assumeRoot } from "./AssumeRole.js"
import { callerOf, type Input, isGlobal, read, regionOf } from "./Authentication.js"
import { assumeRoleWithSAML, assumeRoleWithWebIdentity } from "./Federation.js"
import { type About, failure, fieldsOf, success } from "./Query.js"
import * as Refusals from "./Refusals.js"
import type { Caller, State } from "./State.js"
import { getWebIdentityToken } from "./WebIdentityToken.js"
import {
  decodeAuthorizationMessage,
  getAccessKeyInfo,
  getCallerIdentity,
  getDelegatedAccessToken,
  getFederationToken,
  getSessionToken
} from "./WithoutRole.js"

const version = "2011-06-15"

type Operation = Pick<
  AwsOperation<Authentication, object, unknown, unknown, string>,
  "name" | "authentication" | "globalEndpoint" | "input" | "output"
> &
  Answering<State>

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
  ].map((operation) => [operation.name, operation])
)

const operationOf = ({ action, host, version: asked }: Input): Result.Result<Operation, Refusal> => {
  if (action === undefined) return Result.fail(Refusals.missingAction)
  const operation = asked === version ? operations.get(action) : undefined
  return operation === undefined || (isGlobal(host) && !operation.globalEndpoint)
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
  input: Input,
  operation: Operation,
  now: number,
  note: Note
): Effect.Effect<object, Refusal> =>
  Effect.gen(function* () {
    const isAnonymous = operation.authentication === "anonymous"
    const caller = isAnonymous ? undefined : yield* Effect.fromResult(callerOf(state, request, input, now))
    if (caller !== undefined) yield* Effect.fromResult(checkSession(caller, operation.name))
    const fields = yield* Effect.fromResult(fieldsOf(operation.input, input.parameters))
    return yield* operation.run(state, { fields, caller, now, note })
  })

const answer = (state: State, request: WireRequest, input: Input, about: About): Effect.Effect<Answer> =>
  answered(
    (note) =>
      Effect.gen(function* () {
        const operation = yield* Effect.fromResult(operationOf(input))
        return { operation, result: yield* run(state, request, input, operation, about.now, note) }
      }),
    ({ operation: { name, output }, result }) => success(about, name, output, result),
    (refusal) => failure(about, refusal)
  )

// Alibaba Cloud signs in parameters of this name; its version may be any text.
const isForAnother = ({ parameters }: Input): boolean => parameters["SignatureNonce"] !== undefined

const recognises = (request: WireRequest): boolean => {
  const input = read(request)
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
    const input = read(request)
    const about = (now: number): Effect.Effect<About> =>
      Effect.map(state.generator.requestId, (requestId) => ({ requestId: requestId.toLowerCase(), now }))
    return {
      operation: input.action,
      form: input.form,
      parameters: input.parameters,
      answer: (now) => Effect.flatMap(about(now), (about) => answer(state, request, input, about)),
      refuse: (now, error) => Effect.map(about(now), (about) => failure(about, error))
    }
  }
})
