/** How a request is made: one way for every operation of every cloud. */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Result from "effect/Result"
import type { Checks } from "../schemas/Request.js"
import type { StsConfigError, StsValidationError } from "../schemas/StsError.js"
import { Call } from "./Call.js"
import * as ClientState from "./ClientState.js"
import type { Endpoint } from "./Endpoint.js"
import { configProviderOf, cooperationNow, type RunningFiber } from "./fiber.js"
import type { Arguments, CallError, Operation, Signatory } from "./Operations.js"
import { type Policy, RequestPolicy } from "./RequestPolicy.js"

type Begun<Response, E> = Effect.Effect<Response, CallError | E>

const begin = <Request, Encoded, Credentials extends Signatory, Response, E, R>(
  operation: Operation<Request, Encoded, Credentials, Response, E, R>,
  request: Request,
  fiber: RunningFiber
): Begun<Response, E> => {
  const context = fiber.context as Context.Context<R | HttpClient.HttpClient>
  const policy = Context.get(context, RequestPolicy)
  const client = Context.get(context, HttpClient.HttpClient)
  const state = ClientState.of(operation.cloud, client, operation.signer(context))
  const settings = operation.settings(context)
  const config = configProviderOf(fiber)
  const known = state.known(client, policy, settings, config, operation.endpoint)
  if (known === undefined) {
    const resolving = state.endpoint(client, policy, settings, config, operation.endpoint)
    return resolved(operation, request, fiber, client, state, policy, resolving)
  }
  const host = state.host(known.host)
  return new Call(operation, request, fiber, context, client, host, policy, known).run()
}

/** The first call by a policy and a configuration. Apart from the others, which make no closure. */
const resolved = <Request, Encoded, Credentials extends Signatory, Response, E, R>(
  operation: Operation<Request, Encoded, Credentials, Response, E, R>,
  request: Request,
  fiber: RunningFiber,
  client: HttpClient.HttpClient,
  state: ClientState.CloudState,
  policy: Policy,
  resolving: Effect.Effect<Endpoint, StsConfigError>
): Begun<Response, E> =>
  Effect.flatMap(resolving, (endpoint) => {
    const context = fiber.context as Context.Context<R>
    const host = state.host(endpoint.host)
    return new Call(operation, request, fiber, context, client, host, policy, endpoint).run()
  })

/**
 * Makes a call: credentials, a permit, a signature, the exchange, the reply, and what may be repeated again.
 */
export const run = <Request, Encoded, Credentials extends Signatory, Response, E, R>(
  operation: Operation<Request, Encoded, Credentials, Response, E, R>,
  request: Request
): Effect.Effect<Response, CallError | E, R | HttpClient.HttpClient> =>
  Effect.withFiber((fiber) => {
    const cooperate = cooperationNow()
    return cooperate === undefined
      ? begin(operation, request, fiber)
      : cooperate(Effect.withFiber((inside) => begin(operation, request, inside)))
  })

/** The function that calls an operation. A request that breaks its rules fails before there is a call. */
export const calling =
  <Input, Request, Encoded, Credentials extends Signatory, Response, E, R>(
    checks: Pick<Checks<Request, Input>, "validate">,
    operation: Operation<Request, Encoded, Credentials, Response, E, R>
  ) =>
  (
    ...[input = {} as Input]: Arguments<Request, Input>
  ): Effect.Effect<Response, StsValidationError | CallError | E, R | HttpClient.HttpClient> => {
    const request = checks.validate(input)
    return Result.isFailure(request) ? Effect.fail(request.failure) : run(operation, request.success)
  }
