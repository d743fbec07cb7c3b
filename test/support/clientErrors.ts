/**
 * The platform's client errors as tests need them.
 */
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import type { ClientError } from "../../src/services/clientError.js"

/** A reply that a filter refuses for its status. */
export const refusedStatus = (response: HttpClientResponse.HttpClientResponse): ClientError =>
  new HttpClientError.ResponseError({ request: response.request, response, reason: "StatusCode" })

export const requestOf = ({ request }: ClientError): HttpClientRequest.HttpClientRequest => request
