/**
 * The platform's client errors as tests need them.
 */
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import type { ClientError } from "../../src/services/platformHttp.js"

/** A reply that a filter refuses for its status. */
export const refusedStatus = (response: HttpClientResponse.HttpClientResponse): ClientError =>
  new HttpClientError.HttpClientError({
    reason: new HttpClientError.StatusCodeError({ request: response.request, response })
  })

export const requestOf = ({ request }: ClientError): HttpClientRequest.HttpClientRequest => request
