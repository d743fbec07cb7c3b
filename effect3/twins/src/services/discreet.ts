// Whether a request is traced, and what is redacted, stand in FiberRefs.
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Option from "effect/Option"
import { secretNames } from "./redactedNames.js"

export class Redirected extends Error {
  constructor() {
    super("a redirect is not followed")
  }
}

// Under the platform's client over fetch a redirect would be followed; its module is not needed for saying no.
const FetchOptions = Context.GenericTag<"FetchOptions", { readonly redirect?: string }>(
  "@effect/platform/FetchHttpClient/FetchOptions"
)

const withoutFetchRedirects = <R>(context: Context.Context<R>) =>
  Context.add(context, FetchOptions, {
    ...Option.getOrElse(Context.getOption(context, FetchOptions), () => ({})),
    redirect: "manual"
  })

export const discreet = <A, E, R>(
  exchange: Effect.Effect<A, E, R>,
  spans: boolean,
  follows: (request: HttpClientRequest.HttpClientRequest) => boolean
): Effect.Effect<A, E, R> =>
  Effect.flatMap(FiberRef.get(FiberRef.currentTracerEnabled), (traced) =>
    exchange.pipe(
      Effect.mapInputContext((context: Context.Context<R>) => withoutFetchRedirects(context)),
      Effect.locallyWith(Headers.currentRedactedNames, (names) => [...names, secretNames]),
      Effect.locally(HttpClient.currentTracerPropagation, false),
      Effect.locallyWith(HttpClient.currentTracerDisabledWhen, (disabled) => (request) => {
        if (follows(request)) throw new Redirected()
        return !(spans && traced) || disabled(request)
      }),
      // The platform's clients ask that of each request only while tracing is on.
      Effect.locally(FiberRef.currentTracerEnabled, true)
    )
  )
