/** What an HTTP client fails with: the platform's errors, made and read in one place. */
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"

/** A client's failure. */
export type ClientError = HttpClientError.HttpClientError

/** A failure to read the body of a reply. */
export type BodyError = HttpClientError.HttpClientError

const failures = {
  Transport: HttpClientError.TransportError,
  Encode: HttpClientError.EncodeError,
  InvalidUrl: HttpClientError.InvalidUrlError
}

/** A failure without a reply: it was not to be had, or the request cannot be sent. */
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

/** The reply that any error tells of: a filter of the client's refused it. A reply that was cut is none. */
export const refusedIn = (error: unknown, depth = 0): HttpClientResponse.HttpClientResponse | undefined => {
  if (isResponse(error)) return error
  if (typeof error !== "object" || error === null || depth > 3) return undefined
  if (HttpClientError.isHttpClientError(error)) {
    return reasonOf(error) === "Decode" ? undefined : (error.response ?? refusedIn(causeOf(error), depth + 1))
  }
  const { cause, response } = error as { cause?: unknown; response?: unknown }
  return isResponse(response) ? response : refusedIn(cause, depth + 1)
}
