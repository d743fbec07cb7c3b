/**
 * The platform's HTTP, where its majors differ: what clients fail with, the names of secret headers, the bodies of
 * requests, and what keeps an exchange over a foreign client private.
 */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"

/** A client's failure. */
export type ClientError = HttpClientError.HttpClientError

/** A failure to read the body of a reply. */
export type BodyError = HttpClientError.HttpClientError

const failures = {
  Transport: HttpClientError.TransportError,
  Encode: HttpClientError.EncodeError,
  InvalidUrl: HttpClientError.InvalidUrlError
}

/** A failure without a reply: there was none, or the request could not be sent. */
export const withoutReply = (
  request: HttpClientRequest.HttpClientRequest,
  reason: "Transport" | "Encode" | "InvalidUrl",
  detail: { readonly description?: string; readonly cause?: unknown } = {}
): ClientError =>
  new HttpClientError.HttpClientError({ reason: new failures[reason]({ request, ...detail }) })

/** A failure after the reply's headers. */
export const undecodable = (response: HttpClientResponse.HttpClientResponse, cause: unknown): BodyError =>
  new HttpClientError.HttpClientError({
    reason: new HttpClientError.DecodeError({ request: response.request, response, cause })
  })

export const isClientError: (error: unknown) => error is ClientError = HttpClientError.isHttpClientError

/** Why there is no reply, or not the whole of it. */
export const reasonOf = ({ reason }: ClientError): Reason => reasons[reason._tag]

type Reason = "Transport" | "Encode" | "InvalidUrl" | "StatusCode" | "Decode" | "EmptyBody"

const reasons: Readonly<Record<ClientError["reason"]["_tag"], Reason>> = {
  TransportError: "Transport",
  EncodeError: "Encode",
  InvalidUrlError: "InvalidUrl",
  StatusCodeError: "StatusCode",
  DecodeError: "Decode",
  EmptyBodyError: "EmptyBody"
}

export const causeOf = ({ reason }: ClientError): unknown => reason.cause

/** The reply that a failure came after. */
export const responseOf = (error: ClientError): HttpClientResponse.HttpClientResponse | undefined =>
  error.response

const isResponse = (value: unknown): value is HttpClientResponse.HttpClientResponse =>
  typeof value === "object" && value !== null && HttpClientResponse.TypeId in value

/**
 * The reply that an error refers to, because a filter of the client refused it. A reply that was cut off does not
 * count.
 */
export const refusedIn = (error: unknown, depth = 0): HttpClientResponse.HttpClientResponse | undefined => {
  if (isResponse(error)) return error
  if (typeof error !== "object" || error === null || depth > 3) return undefined
  if (HttpClientError.isHttpClientError(error)) {
    return reasonOf(error) === "Decode" ? undefined : (error.response ?? refusedIn(causeOf(error), depth + 1))
  }
  const { cause, response } = error as { cause?: unknown; response?: unknown }
  return isResponse(response) ? response : refusedIn(cause, depth + 1)
}

/** The platform knows a body by its prototype. */
export const Body = Object.getPrototypeOf(HttpBody.Raw) as abstract new () => HttpBody.HttpBody.Proto

/** Ours. */
export const secretNames = /auth|token|secret|cookie|dpop|passw|credential|signature|api-?key/i

/** What the platform hands to a value that it is about to show. */
export type Shown = Context.Context<never>

/** Ours, and those of the program that shows them. */
export const redactedNames = (shown: Shown): ReadonlyArray<string | RegExp> => [
  secretNames,
  ...Context.get(shown, Headers.CurrentRedactedNames)
]

/** A request that a client below was about to send to where a reply pointed. */
export class Redirected extends Error {
  constructor() {
    super("a redirect is not followed")
  }
}

// The platform's client over fetch would follow a redirect; forbidding that does not need its module.
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
