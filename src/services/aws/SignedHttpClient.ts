/**
 * HTTP clients that sign every request, for AWS services that have no client of their own here.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import { isRegion, regionNamed } from "../../protocol/aws/endpoint.js"
import { blamingStatuses, remedyOf } from "../../protocol/aws/errorCodes.js"
import { refusalCode } from "../../protocol/aws/query.js"
import { sha256, unsignedPayload } from "../../protocol/aws/sigV4.js"
import type { Target } from "../../protocol/signature.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import type { ClientError } from "../platformHttp.js"
import { bytesOf, refused, type Scheme, signingClient, targetFor, withSigned } from "../SigningClient.js"
import { CredentialProvider } from "./CredentialProvider.js"
import { Signer, type Signing } from "./Signer.js"

/**
 * Which service is called, and where.
 *
 * @category models
 * @since 0.1.0
 */
export interface SignedHttpClientOptions {
  /** The name that the service signs by, for example `bedrock`, `s3` or `dynamodb`. */
  readonly service: string
  /** In any case; names such as `fips-us-east-1` and `aws-global` stand for the region that they mean. */
  readonly region: string
}

const s3Names: ReadonlySet<string> = new Set(["s3", "s3express", "s3-object-lambda", "s3-outposts"])

/** Whether a service signs paths the way S3 does: encoded once, with their dots and empty segments. */
const signsLikeS3 = (service: string): boolean => s3Names.has(service)

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
  ({ sign }: Signing, { region, service }: SignedHttpClientOptions) =>
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

const scheme = (signing: Signing, options: SignedHttpClientOptions): Scheme<Credentials> => ({
  cloud: "aws",
  sign: signRequest(signing, options),
  blamingStatuses,
  codeOf: refusalCode,
  remedyOf
})

/**
 * Signs every request of a client with AWS Signature Version 4 and the credentials in use: what a `transformClient`
 * option wants.
 *
 * - The whole request is signed as the client sends it, also a URL or header that is set by whoever uses the signed
 *   client. A signature that the client had made itself is replaced.
 * - Bodies are text, bytes or none. A stream is sent unsigned to S3 over TLS; elsewhere it is an error, unless the
 *   request states `x-amz-content-sha256`.
 * - S3's paths are signed the way S3 does it.
 * - A refusal of expired or unknown credentials invalidates them, one for a wrong clock corrects it, and the request is
 *   then sent once more. A stream is not sent again, and neither is anything where the client itself turns refusals
 *   into errors.
 * - Where there are no credentials, the client's `RequestError` has the typed error as its `cause`.
 *
 * Redirects are left to the caller: what was signed for one address is sent to no other. Tracing headers are not sent.
 *
 * @example
 * ```ts
 * import * as HttpClient from "effect/http/HttpClient"
 * import * as Effect from "effect/Effect"
 * import * as Aws from "effect-sts/aws"
 *
 * const program = Effect.gen(function* () {
 *   const sign = yield* Aws.signedHttpClient({ service: "s3", region: "eu-central-1" })
 *   const s3 = sign(yield* HttpClient.HttpClient)
 *   return yield* s3.get("https://reports.s3.eu-central-1.amazonaws.com/2026/summary.txt")
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const signedHttpClient = (
  options: SignedHttpClientOptions
): Effect.Effect<
  (client: HttpClient.HttpClient) => HttpClient.HttpClient,
  never,
  Signer | CredentialProvider
> =>
  Effect.map(Effect.all([Signer, CredentialProvider]), ([signer, provider]) => {
    const { region, service } = options
    return signingClient(provider, scheme(signer, { service, region: regionNamed(region).region }), signer)
  })
