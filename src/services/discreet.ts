/** What keeps an exchange of somebody else's client to itself. */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import { secretNames } from "./redactedNames.js"

/** A request that somebody below was about to send on to where a reply has pointed. */
export class Redirected extends Error {
  constructor() {
    super("a redirect is not followed")
  }
}

// Under the platform's client over fetch a redirect would be followed; its module is not needed for saying no.
const FetchOptions = Context.Service<"FetchOptions", { readonly redirect?: string }>(
  "effect/http/FetchHttpClient/RequestInit"
)

const withoutFetchRedirects = <R>(context: Context.Context<R>) =>
  Context.add(context, FetchOptions, {
    ...Option.getOrElse(Context.getOption(context, FetchOptions), () => ({})),
    redirect: "manual"
  })

/**
 * Runs an exchange of a client's so that it adds no header, shows no secret to loggers and spans, and follows no
 * redirect: `follows` is asked about each request that is about to go out. `spans` tells whether it may open some.
 */
export const discreet = <A, E, R>(
  exchange: Effect.Effect<A, E, R>,
  spans: boolean,
  follows: (request: HttpClientRequest.HttpClientRequest) => boolean
): Effect.Effect<A, E, R> =>
  Effect.withFiber((fiber) => {
    const traced = fiber.getRef(References.TracerEnabled) && !fiber.getRef(Tracer.DisablePropagation)
    return exchange.pipe(
      Effect.updateContext((context: Context.Context<R>) => withoutFetchRedirects(context)),
      Effect.updateService(Headers.CurrentRedactedNames, (names) => [...names, secretNames]),
      Effect.provideService(HttpClient.TracerPropagationEnabled, false),
      Effect.updateService(HttpClient.TracerDisabledWhen, (disabled) => (request) => {
        if (follows(request)) throw new Redirected()
        return !(spans && traced) || disabled(request)
      }),
      // The platform's clients ask that of each request only while this is off.
      Effect.provideService(Tracer.DisablePropagation, false)
    )
  })
