/**
 * HTTP clients that sign every request, for Alibaba Cloud's services that have no client of their own here.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { authorization, sha256 } from "../../protocol/alibaba/acs3.js"
import { blamingStatuses, remedyOf } from "../../protocol/alibaba/errorCodes.js"
import type { Parameters } from "../../protocol/encoding.js"
import { timestamp } from "../../protocol/encoding.js"
import type { Target } from "../../protocol/signature.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import type { ClientError } from "../platformHttp.js"
import { Nonce } from "../Signing.js"
import { bytesOf, refused, type Scheme, signingClient, targetFor, withSigned } from "../SigningClient.js"
import { CredentialProvider } from "./CredentialProvider.js"

/**
 * Which API is called.
 *
 * @category models
 * @since 0.1.0
 */
export interface SignedHttpClientOptions {
  /** The API's version, for example `2014-05-26` for ECS, for requests that do not state one as `x-acs-version`. */
  readonly version?: string | undefined
}

const ofAnotherSignature =
  /^(authorization|x-acs-(date|signature-nonce|content-sha256|accesskey-id|security-token))$/

const unsigned = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ofAnotherSignature.test(name)))

/** The signature sorts by name, which leaves the order of two values of one name open. */
const parametersOf = ({ query }: Target): Result.Result<Parameters, string> => {
  const parameters = Object.fromEntries(query)
  return Object.keys(parameters).length === query.length
    ? Result.succeed(parameters)
    : Result.fail("its query repeats a parameter, which cannot be signed")
}

const neededHeaders = ["x-acs-action", "x-acs-version"]

const signRequest =
  ({ version }: SignedHttpClientOptions) =>
  (
    request: HttpClientRequest.HttpClientRequest,
    { accessKeyId, accessKeySecret, securityToken }: Credentials,
    time: number
  ): Effect.Effect<HttpClientRequest.HttpClientRequest, ClientError> => {
    const refuse = refused(request, "Encode")
    return Effect.gen(function* () {
      const target = yield* Effect.fromResult(targetFor(request))
      const query = yield* Effect.fromResult(Result.mapError(parametersOf(target), refuse))
      const contentSha256 = sha256(
        yield* Effect.fromResult(Result.mapError(bytesOf(request, "send text or bytes"), refuse))
      )
      const headers: Record<string, string> = {
        host: target.host,
        accept: "application/json",
        ...(version === undefined ? {} : { "x-acs-version": version }),
        ...unsigned(request.headers),
        "x-acs-date": timestamp(time),
        "x-acs-signature-nonce": yield* Effect.flatten(Nonce),
        "x-acs-content-sha256": contentSha256,
        ...(securityToken === undefined
          ? {}
          : { "x-acs-accesskey-id": accessKeyId, "x-acs-security-token": Redacted.value(securityToken) })
      }
      const missing = neededHeaders.find((name) => headers[name] === undefined)
      if (missing !== undefined) return yield* refuse(`it has no ${missing}, which every API needs`)
      const key = { accessKeyId, accessKeySecret }
      const signable = { method: request.method, path: target.path, query, headers, contentSha256 }
      const signed = { ...headers, authorization: authorization(signable, key).authorization }
      return withSigned(request, target, signed)
    })
  }

const codeInJson = /"Code"\s*:\s*"([\w.-]{1,100})"/
const codeInXml = /<Code>([\w.-]{1,100})<\/Code>/

const scheme = (options: SignedHttpClientOptions): Scheme<Credentials> => ({
  cloud: "alibaba",
  sign: signRequest(options),
  blamingStatuses,
  codeOf: (_, body) => (codeInJson.exec(body) ?? codeInXml.exec(body))?.[1],
  remedyOf
})

/**
 * Signs every request of a client with ACS3-HMAC-SHA256 and the credentials in use: for any RPC or ROA API.
 *
 * - The whole request is signed as the client sends it. It states `x-acs-action`, and `x-acs-version` unless the options
 *   do. A signature that it has is replaced; each attempt has its own nonce and time.
 * - Bodies are text, bytes or none.
 * - A refusal of expired or unknown credentials invalidates them, one for a wrong clock corrects it, and the request is
 *   then sent once more.
 * - Where there are no credentials, the client's `RequestError` has the typed error as its `cause`.
 *
 * Redirects are not followed, and tracing headers are not sent.
 *
 * @example
 * ```ts
 * import * as HttpClient from "effect/http/HttpClient"
 * import * as Effect from "effect/Effect"
 * import * as Alibaba from "effect-sts/alibaba"
 *
 * const program = Effect.gen(function* () {
 *   const sign = yield* Alibaba.signedHttpClient({ version: "2014-05-26" })
 *   const ecs = sign(yield* HttpClient.HttpClient)
 *   return yield* ecs.post("https://ecs.cn-hangzhou.aliyuncs.com/?RegionId=cn-hangzhou", {
 *     headers: { "x-acs-action": "DescribeZones" }
 *   })
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const signedHttpClient = (
  options: SignedHttpClientOptions = {}
): Effect.Effect<(client: HttpClient.HttpClient) => HttpClient.HttpClient, never, CredentialProvider> =>
  Effect.map(CredentialProvider, (provider) => signingClient(provider, scheme(options), provider))
