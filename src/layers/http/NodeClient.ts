/**
 * A lean HTTP client for Node over node:http(s): kept connections, proxies, certificates of one's own, bounded
 * replies. It opens no span, adds no tracing header and follows no redirect.
 *
 * @since 0.1.0
 */
import * as NodeModule from "node:module"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { StsConfigError } from "../../schemas/StsError.js"
import * as Client from "../../services/Client.js"
import { type ClientOptions, check } from "./clientOptions.js"
import { type Exchange, makeConnections, makeExchange, makeSocks } from "./nodeExchange.js"
import { makeClient, type Settings } from "./WireRequest.js"

/**
 * What can be set. Proxies come from the environment unless they are set here.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends ClientOptions {}

const load = (path: string): unknown => NodeModule.createRequire(path)(path)

const open = (settings: Settings): Effect.Effect<Exchange, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      // To import them reads all that they export: with node:http a WebSocket client, a third of a program's start.
      const modules = {
        http: process.getBuiltinModule("node:http"),
        https: process.getBuiltinModule("node:https"),
        tls: process.getBuiltinModule("node:tls"),
        net: process.getBuiltinModule("node:net"),
        dns: process.getBuiltinModule("node:dns"),
        load
      }
      return makeExchange(modules, makeConnections(modules, settings, makeSocks), settings)
    }),
    (exchange) => Effect.sync(exchange.close)
  )

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
    const exchange = yield* open(settings)
    return makeClient(proxyFor, exchange.send)
  })

/**
 * The same as {@link layer}, with options.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<HttpClient.HttpClient, StsConfigError> =>
  Layer.effect(HttpClient.HttpClient, Effect.map(make(options), Client.keeper()))

/**
 * The client as a layer.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<HttpClient.HttpClient, StsConfigError> = /* @__PURE__ */ layerWith({})
