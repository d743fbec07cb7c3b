/**
 * How a platform request is signed for any AWS service.
 *
 * @since 0.1.0
 */
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as UrlParams from "@effect/platform/UrlParams"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { sha256 } from "../../protocol/aws/canonicalRequest.js"
import { isRegion } from "../../protocol/aws/endpoint.js"
import { unsignedPayload } from "../../protocol/aws/presign.js"
import { signsLikeS3, type Target, targetOf } from "../../protocol/aws/signingTarget.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { secretHeaders } from "../SecretRequest.js"
import type { Signing } from "./Signer.js"

/**
 * Which service, and where.
 *
 * @category models
 * @since 0.1.0
 */
export interface Scope {
  readonly service: string
  readonly region: string
}

/**
 * Whether a request's body can be sent once more.
 *
 * @category accessors
 * @since 0.1.0
 */
export const isRepeatable = ({ body }: HttpClientRequest.HttpClientRequest): boolean => body._tag !== "Stream"

const bytesOf = ({
  body
}: HttpClientRequest.HttpClientRequest): Either.Either<string | Uint8Array, string> => {
  if (body._tag === "Empty") return Either.right("")
  if (body._tag === "Uint8Array") return Either.right(body.body)
  if (body._tag === "Raw" && (typeof body.body === "string" || body.body instanceof Uint8Array)) {
    return Either.right(body.body)
  }
  return Either.left(
    `a body of the kind ${body._tag} cannot be signed, because its bytes are not known yet: send text or bytes, or state their hash as x-amz-content-sha256`
  )
}

/** The body's hash, or what stands for it. S3 takes a stream unsigned where TLS protects it. */
const payloadOf = (
  request: HttpClientRequest.HttpClientRequest,
  { secure }: Target,
  likeS3: boolean
): Either.Either<string, string> => {
  const stated = request.headers["x-amz-content-sha256"]
  if (stated !== undefined) return Either.right(stated)
  return likeS3 && secure && request.body._tag === "Stream"
    ? Either.right(unsignedPayload)
    : Either.map(bytesOf(request), sha256)
}

// A password in a URL is not for errors to tell.
const withoutUser = (request: HttpClientRequest.HttpClientRequest): HttpClientRequest.HttpClientRequest =>
  HttpClientRequest.setUrl(request, request.url.replace(/^([a-z]+:\/\/)[^/?#]*@/i, "$1"))

const ofAnotherSignature: ReadonlySet<string> = new Set([
  "authorization",
  "x-amz-security-token",
  "x-amz-date"
])

const unsigned = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ofAnotherSignature.has(name)))

const targetFor = (request: HttpClientRequest.HttpClientRequest, likeS3: boolean) =>
  Either.flatMap(
    Either.mapLeft(
      UrlParams.makeUrl(request.url, request.urlParams, Option.none()),
      () => "its URL is not a whole URL"
    ),
    (url) => targetOf(url, likeS3)
  )

/**
 * Signs a request as it goes out, in its headers. Any signature that it has is replaced.
 *
 * @category signing
 * @since 0.1.0
 */
export const signRequest =
  ({ sign }: Signing, { region, service }: Scope) =>
  (
    request: HttpClientRequest.HttpClientRequest,
    credentials: Credentials,
    time: number
  ): Effect.Effect<HttpClientRequest.HttpClientRequest, HttpClientError.RequestError> => {
    const likeS3 = signsLikeS3(service)
    const refuse = (reason: "Encode" | "InvalidUrl") => (description: string) =>
      new HttpClientError.RequestError({ request: withoutUser(request), reason, description })
    return Effect.gen(function* () {
      if (!isRegion(region)) return yield* refuse("Encode")("the region to sign for is no name of a region")
      const target = yield* Either.mapLeft(targetFor(request, likeS3), refuse("InvalidUrl"))
      const payload = yield* Either.mapLeft(payloadOf(request, target, likeS3), refuse("Encode"))
      const stated = unsigned(request.headers)
      const headers = { host: target.host, ...stated, "x-amz-content-sha256": payload }
      const { path, query } = target
      const signable = { method: request.method, path, query, headers, body: "" }
      const operation = `a request to ${service}`
      const variant = likeS3 ? { normalizePath: false } : undefined
      const signed = yield* Effect.mapError(
        sign({ operation, request: signable, service, region, time, variant }, credentials),
        ({ detail }) => refuse("Encode")(`it could not be signed: ${detail}`)
      )
      const { host, ...others } = signed.headers
      // Unless it is stated, the client derives the Host header from the URL, as was done here.
      const sent = stated["host"] === undefined ? others : { ...others, host: stated["host"] }
      return Object.assign(Object.create(Object.getPrototypeOf(request)), request, {
        url: target.url,
        urlParams: UrlParams.empty,
        hash: Option.none(),
        headers: secretHeaders(sent)
      })
    })
  }
