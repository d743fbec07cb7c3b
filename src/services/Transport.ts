/**
 * How a request is made: one way for every operation of every cloud.
 *
 * @since 0.1.0
 */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as Result from "effect/Result"
import type { Exchange } from "../protocol/exchange.js"
import type {
  Cloud,
  StsApiError,
  StsConfigError,
  StsResponseError,
  StsTransportError
} from "../schemas/StsError.js"
import { Call } from "./Call.js"
import * as ClientState from "./ClientState.js"
import { configProviderOf } from "./configProvider.js"
import type { Endpoint } from "./Endpoint.js"
import { cooperatingFiber } from "./fiber.js"
import { type Policy, RequestPolicy } from "./RequestPolicy.js"

/**
 * A request as it goes out: a POST with everything in its form body, so that no token ever stands in a URL.
 *
 * @category models
 * @since 0.1.0
 */
export interface Outgoing {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** What was signed, to tell a wrong secret from a changed request. */
  readonly stringToSign?: string | undefined
}

/**
 * What signs a request, where anything does.
 *
 * @category models
 * @since 4.0.0
 */
export type Signatory = { readonly accessKeyId: string } | undefined

/**
 * Where a call's credentials come from.
 *
 * @category models
 * @since 0.1.0
 */
export interface Source<Credentials, E> {
  readonly get: Effect.Effect<Credentials, E>
  readonly invalidate?: ((accessKeyId: string) => Effect.Effect<void>) | undefined
}

/**
 * What an operation is to the pipeline. It is made once, and all its calls use it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Operation<Request, Encoded, Credentials extends Signatory, Response, E, R> {
  readonly cloud: Cloud
  readonly name: string
  readonly endpoint: (policy: Policy) => Effect.Effect<Endpoint, StsConfigError>
  /** What the endpoint depends on beside policy and configuration, as one object; the same one for the same endpoint. */
  readonly settings: (context: Context.Context<never>) => object
  /** What signs in a context, if anything does. Layers make one each time that they are built. */
  readonly signer: (context: Context.Context<never>) => object | undefined
  /** Asked before each attempt, and before the permit: a source may itself call the service. */
  readonly source: (context: Context.Context<R>) => Source<Credentials, E>
  /** What is the same in all attempts of a call. */
  readonly encode: (request: Request) => Encoded
  /** A new timestamp, nonce and signature. `time` is the service's, in milliseconds since 1970. */
  readonly sign: (
    context: Context.Context<R>,
    encoded: Encoded,
    credentials: Credentials,
    endpoint: Endpoint,
    time: number
  ) => Effect.Effect<Outgoing, E>
  /** Whether a refusal that does not say so may still come from a wrong clock. */
  readonly maybeClockSkew: (error: StsApiError) => boolean
  /** Whether a refusal says that the credentials are expired or unknown, so that others may be accepted. */
  readonly rejectsCredentials: (error: StsApiError) => boolean
  /** What must not be shown of a reply. */
  readonly secrets: (request: Request, credentials: Credentials) => ReadonlyArray<string>
  readonly decode: (exchange: Exchange) => Result.Result<Response, StsApiError | StsResponseError>
}

/**
 * What every call can fail with once its request is valid.
 *
 * @category models
 * @since 0.1.0
 */
export type CallError = StsApiError | StsConfigError | StsTransportError | StsResponseError

/**
 * Makes a call: credentials, a permit, a signature, the exchange, the reply, and what may be repeated again.
 *
 * @category constructors
 * @since 0.1.0
 */
export const run = <Request, Encoded, Credentials extends Signatory, Response, E, R>(
  operation: Operation<Request, Encoded, Credentials, Response, E, R>,
  request: Request
): Effect.Effect<Response, CallError | E, R | HttpClient.HttpClient> =>
  cooperatingFiber((fiber) => {
    const context = fiber.context as Context.Context<R | HttpClient.HttpClient>
    const policy = Context.get(context, RequestPolicy)
    const client = Context.get(context, HttpClient.HttpClient)
    const state = ClientState.of(operation.cloud, client, operation.signer(context))
    const settings = operation.settings(context)
    const config = configProviderOf(fiber)
    const known = state.known(client, policy, settings, config, operation.endpoint)
    if (known !== undefined) {
      return new Call(operation, request, fiber, context, client, state.host(known.host), policy, known).run()
    }
    return Effect.flatMap(state.endpoint(client, policy, settings, config, operation.endpoint), (endpoint) =>
      new Call(operation, request, fiber, context, client, state.host(endpoint.host), policy, endpoint).run()
    )
  })
