/** How a platform request is signed for any AWS service. */

import * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import { isRegion } from "../../protocol/aws/endpoint.js"
import { blamingStatuses, remedyOf } from "../../protocol/aws/errorCodes.js"
import { refusalCode } from "../../protocol/aws/query.js"
import { sha256, unsignedPayload } from "../../protocol/aws/sigV4.js"
import type { Target } from "../../protocol/signature.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import type { ClientError } from "../platformHttp.js"
import { bytesOf, refused, type Scheme, targetFor, withSigned } from "../SigningClient.js"
import type { Signing } from "./Signer.js"

/** Which service, and where. */
export interface Scope {
  readonly service: string
  readonly region: string
}

const s3Names: ReadonlySet<string> = new Set(["s3", "s3express", "s3-object-lambda", "s3-outposts"])

/** Whether a service signs paths the way S3 does: encoded once, with their dots and empty segments. */
export const signsLikeS3 = (service: string): boolean => s3Names.has(service)

/** The body's hash, or what stands for it. S3 takes a stream unsigned where TLS protects it. */
const payloadOf = (
  request: HttpClientRequest.HttpClientRequest,
  { secure }: Target,
  likeS3: boolean
): Result.Result<string, string> => {
  const stated = request.headers["x-amz-content-sha256"]
  if (stated !== undefined) return Result.succeed(stated)
  return likeS3 && secure && request.body._tag === "Stream"
    ? Result.succeed(unsignedPayload)
    : Result.map(bytesOf(request, "send text or bytes, or state their hash as x-amz-content-sha256"), sha256)
}

const ofAnotherSignature: ReadonlySet<string> = new Set([
  "authorization",
  "x-amz-security-token",
  "x-amz-date"
])

const unsigned = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ofAnotherSignature.has(name)))

/** Signs a request as it goes out, in its headers. Any signature that it has is replaced. */
export const signRequest =
  ({ sign }: Signing, { region, service }: Scope) =>
  (
    request: HttpClientRequest.HttpClientRequest,
    credentials: Credentials,
    time: number
  ): Effect.Effect<HttpClientRequest.HttpClientRequest, ClientError> => {
    const likeS3 = signsLikeS3(service)
    const refuse = refused(request, "Encode")
    return Effect.gen(function* () {
      if (!isRegion(region)) return yield* refuse("the region to sign for is not a region name")
      const target = yield* Effect.fromResult(targetFor(request, likeS3))
      const payload = yield* Effect.fromResult(Result.mapError(payloadOf(request, target, likeS3), refuse))
      const headers = { host: target.host, ...unsigned(request.headers), "x-amz-content-sha256": payload }
      const { path, query } = target
      const signable = { method: request.method, path, query, headers, body: "" }
      const operation = `a request to ${service}`
      const variant = likeS3 ? { normalizePath: false } : undefined
      const signed = yield* Effect.mapError(
        sign({ operation, request: signable, service, region, time, variant }, credentials),
        ({ detail }) => refuse(`it could not be signed: ${detail}`)
      )
      return withSigned(request, target, signed.headers)
    })
  }

/** How requests to a service are signed, and what its refusals say. */
export const scheme = (signing: Signing, scope: Scope): Scheme<Credentials> => ({
  cloud: "aws",
  sign: signRequest(signing, scope),
  blamingStatuses,
  codeOf: refusalCode,
  remedyOf
})
