/**
 * HTTP clients whose every request is signed, for AWS services that have no client of their own here.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import { regionNamed } from "../../protocol/aws/endpoint.js"
import { signingClient } from "../SigningClient.js"
import { CredentialProvider } from "./CredentialProvider.js"
import { Signer } from "./Signer.js"
import { type Scope, scheme } from "./signRequest.js"

/**
 * Which service is called, and where.
 *
 * @category models
 * @since 0.1.0
 */
export interface SignedHttpClientOptions extends Scope {
  /** The name that the service signs by, for example `bedrock`, `s3` or `dynamodb`. */
  readonly service: string
  /** In any case; names such as `fips-us-east-1` and `aws-global` stand for the region that they mean. */
  readonly region: string
}

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
 *   then sent once more. A stream is not, and neither is anything where the client itself turns refusals into errors.
 * - Where there are no credentials, the client's `RequestError` has the typed error as its `cause`.
 *
 * Redirects are left to the caller: what was signed for one address goes to no other. Tracing headers are not sent.
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
