// Errors with and without a reply are classes of their own.

import * as Headers from "@effect/platform/Headers"
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as FiberRefs from "effect/FiberRefs"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"

export type ClientError = HttpClientError.HttpClientError

export type BodyError = HttpClientError.ResponseError

export const withoutReply = (
  request: HttpClientRequest.HttpClientRequest,
  reason: "Transport" | "Encode" | "InvalidUrl",
  detail: { readonly description?: string; readonly cause?: unknown } = {}
): ClientError => new HttpClientError.RequestError({ request, reason, ...detail })

export const undecodable = (response: HttpClientResponse.HttpClientResponse, cause: unknown): BodyError =>
  new HttpClientError.ResponseError({ request: response.request, response, reason: "Decode", cause })

export const isClientError: (error: unknown) => error is ClientError = HttpClientError.isHttpClientError

export const reasonOf = ({
  reason
}: ClientError): "Transport" | "Encode" | "InvalidUrl" | "StatusCode" | "Decode" | "EmptyBody" => reason

export const causeOf = ({ cause }: ClientError): unknown => cause

export const responseOf = (error: ClientError): HttpClientResponse.HttpClientResponse | undefined =>
  error._tag === "ResponseError" ? error.response : undefined

const isResponse = (value: unknown): value is HttpClientResponse.HttpClientResponse =>
  typeof value === "object" && value !== null && HttpClientResponse.TypeId in value

export const refusedIn = (error: unknown, depth = 0): HttpClientResponse.HttpClientResponse | undefined => {
  if (isResponse(error)) return error
  if (typeof error !== "object" || error === null || depth > 3) return undefined
  const { cause, reason, response } = error as { cause?: unknown; reason?: unknown; response?: unknown }
  if (isResponse(response)) return reason === "Decode" ? undefined : response
  return refusedIn(cause, depth + 1)
}

export abstract class Body extends Inspectable.Class {
  readonly [HttpBody.TypeId]: HttpBody.TypeId = HttpBody.TypeId
  abstract readonly _tag: string
  abstract readonly contentType: string | undefined
  abstract readonly contentLength: number | undefined
}

export const secretNames = /auth|token|secret|cookie|dpop|passw|credential|signature|api-?key/i

export type Shown = FiberRefs.FiberRefs

export const redactedNames = (shown: Shown): ReadonlyArray<string | RegExp> => [
  secretNames,
  ...FiberRefs.getOrDefault(shown, Headers.currentRedactedNames)
]

export class Redirected extends Error {
  constructor() {
    super("a redirect is not followed")
  }
}

// The platform's client over fetch would follow a redirect; forbidding that does not need its module.
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
