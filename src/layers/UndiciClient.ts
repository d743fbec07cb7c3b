/**
 * An HTTP client over undici, for throughput: as `src/layers/HttpClient.ts`, with the same options and faults.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { StsConfigError } from "../schemas/StsError.js"
import * as BufferedClient from "../services/BufferedClient.js"
import * as ClientState from "../services/ClientState.js"
import type { ClientError } from "../services/clientError.js"
import { awaiting } from "./awaiting.js"
import { type ClientOptions, check } from "./clientOptions.js"
import { Dispatchers } from "./Dispatchers.js"
import * as Outgoing from "./outgoing.js"
import { send } from "./undiciExchange.js"

/**
 * What can be set; proxies come from the environment otherwise.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends ClientOptions {}

const sender =
  (dispatchers: Dispatchers, prepare: Outgoing.Prepare["request"]) =>
  (
    request: HttpClientRequest.HttpClientRequest
  ): Effect.Effect<BufferedClient.BufferedResponse, ClientError> =>
    Effect.withFiber((fiber) => {
      const prepared = prepare(request, fiber.context)
      if (Result.isFailure(prepared)) return Effect.fail(prepared.failure)
      return awaiting<BufferedClient.BufferedResponse, ClientError>((settle) => {
        const call = send(dispatchers, prepared.success, (outcome) =>
          settle(Outgoing.toExit(request, outcome))
        )
        return () => call.abort()
      })
    })

/**
 * The client; its connections are closed with the scope.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: Options = {}
): Effect.Effect<HttpClient.HttpClient, StsConfigError, Scope.Scope> =>
  Effect.gen(function* () {
    const { proxyFor, settings } = yield* check(options)
    const dispatchers = yield* Effect.acquireRelease(
      Effect.sync(() => new Dispatchers(settings)),
      (opened) => Effect.promise(() => opened.close())
    )
    const prepare = Outgoing.makePrepare(proxyFor)
    const post = Outgoing.poster(prepare, (outgoing, done) => send(dispatchers, outgoing, done))
    return BufferedClient.make(sender(dispatchers, prepare.request), post)
  })

/**
 * The client as a layer.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options?: Options): Layer.Layer<HttpClient.HttpClient, StsConfigError> =>
  Layer.effect(HttpClient.HttpClient, Effect.map(make(options), ClientState.keeper()))
