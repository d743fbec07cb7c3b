/**
 * What an HTTP client fails with: the platform's errors, made and read in one place.
 *
 * @since 0.1.0
 */
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"

/**
 * A client's failure.
 *
 * @category models
 * @since 0.1.0
 */
export type ClientError = HttpClientError.HttpClientError

/**
 * A failure to read the body of a reply.
 *
 * @category models
 * @since 0.1.0
 */
export type BodyError = HttpClientError.ResponseError

/**
 * A failure without a reply: it was not to be had, or the request cannot be sent.
 *
 * @category constructors
 * @since 0.1.0
 */
export const withoutReply = (
  request: HttpClientRequest.HttpClientRequest,
  reason: "Transport" | "Encode" | "InvalidUrl",
  detail: { readonly description?: string; readonly cause?: unknown } = {}
): ClientError => new HttpClientError.RequestError({ request, reason, ...detail })

/**
 * A failure after the reply's headers.
 *
 * @category constructors
 * @since 0.1.0
 */
export const undecodable = (response: HttpClientResponse.HttpClientResponse, cause: unknown): BodyError =>
  new HttpClientError.ResponseError({ request: response.request, response, reason: "Decode", cause })

/**
 * @category predicates
 * @since 0.1.0
 */
export const isClientError: (error: unknown) => error is ClientError = HttpClientError.isHttpClientError

/**
 * Why there is no reply, or not the whole of it.
 *
 * @category accessors
 * @since 0.1.0
 */
export const reasonOf = ({
  reason
}: ClientError): "Transport" | "Encode" | "InvalidUrl" | "StatusCode" | "Decode" | "EmptyBody" => reason

/**
 * @category accessors
 * @since 0.1.0
 */
export const causeOf = ({ cause }: ClientError): unknown => cause

/**
 * The reply that a failure came after.
 *
 * @category accessors
 * @since 0.1.0
 */
export const responseOf = (error: ClientError): HttpClientResponse.HttpClientResponse | undefined =>
  error._tag === "ResponseError" ? error.response : undefined

const isResponse = (value: unknown): value is HttpClientResponse.HttpClientResponse =>
  typeof value === "object" && value !== null && HttpClientResponse.TypeId in value

/**
 * The reply that any error tells of: a filter of the client's refused it. A reply that was cut is none.
 *
 * @category accessors
 * @since 0.1.0
 */
export const refusedIn = (error: unknown, depth = 0): HttpClientResponse.HttpClientResponse | undefined => {
  if (isResponse(error)) return error
  if (typeof error !== "object" || error === null || depth > 3) return undefined
  const { cause, reason, response } = error as { cause?: unknown; reason?: unknown; response?: unknown }
  if (isResponse(response)) return reason === "Decode" ? undefined : response
  return refusedIn(cause, depth + 1)
}
