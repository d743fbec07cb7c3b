// Errors with and without a reply are classes of their own.
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"

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
