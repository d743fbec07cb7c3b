/** What every signature of a platform request needs of it, whatever the cloud. */
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import { type Target, targetOf } from "../protocol/signature.js"
import { type ClientError, withoutReply } from "./clientError.js"
import { nothingApart, parsedUrlOf } from "./requestUrl.js"
import { secretHeaders } from "./SecretRequest.js"

type Request = HttpClientRequest.HttpClientRequest

/** Whether a request's body can be sent once more. */
export const isRepeatable = ({ body }: Request): boolean => body._tag !== "Stream"

/** What is to be hashed of a body, or why that is not known. `remedy` says what else would do. */
export const bytesOf = ({ body }: Request, remedy: string): Result.Result<string | Uint8Array, string> => {
  if (body._tag === "Empty") return Result.succeed("")
  if (body._tag === "Uint8Array") return Result.succeed(body.body)
  if (body._tag === "Raw" && (typeof body.body === "string" || body.body instanceof Uint8Array)) {
    return Result.succeed(body.body)
  }
  return Result.fail(
    `a body of the kind ${body._tag} cannot be signed, because its bytes are not known yet: ${remedy}`
  )
}

/** The error for a request that cannot be signed. A password in its URL is not for errors to tell. */
export const refused =
  (request: Request, reason: "Encode" | "InvalidUrl") =>
  (description: string): ClientError =>
    withoutReply(
      HttpClientRequest.setUrl(request, request.url.replace(/^([a-z]+:\/\/)[^/?#]*@/i, "$1")),
      reason,
      { description }
    )

/** Where a request goes, or why that cannot be signed. */
export const targetFor = (request: Request, likeS3?: boolean): Result.Result<Target, ClientError> =>
  Result.fromNullishOr(parsedUrlOf(request), () => "its URL is not a whole URL").pipe(
    Result.flatMap((url) => targetOf(url, likeS3)),
    Result.mapError(refused(request, "InvalidUrl"))
  )

/**
 * The request as it goes out with signed headers. Unless it is stated, the client derives the Host header from the URL,
 * as the signature did.
 */
export const withSigned = (
  request: Request,
  { url }: Target,
  { host, ...headers }: Readonly<Record<string, string>>
): Request =>
  Object.assign(Object.create(Object.getPrototypeOf(request)), request, {
    url,
    ...nothingApart,
    headers: secretHeaders(headers, request.headers["host"] === undefined ? {} : { host })
  })
