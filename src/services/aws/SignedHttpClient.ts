/**
 * HTTP clients whose every request is signed, for AWS services that have no client of their own here.
 *
 * @since 0.1.0
 */
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { categoryOf, clockSkewOf, rejectsCredentials } from "../../protocol/aws/errorCodes.js"
import { refusalCode } from "../../protocol/aws/refusalCode.js"
import { noticeableOffsetMillis, offsetMillis } from "../../protocol/clockSkew.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import { BufferedResponse } from "../BufferedClient.js"
import * as ClientState from "../ClientState.js"
import type { CredentialSource, SourceError } from "../CredentialSource.js"
import * as Reply from "../Reply.js"
import { type Policy, RequestPolicy } from "../RequestPolicy.js"
import { withoutRedirects } from "../withoutRedirects.js"
import { CredentialProvider } from "./CredentialProvider.js"
import { Signer } from "./Signer.js"
import { isRepeatable, type Scope, signRequest } from "./signRequest.js"

/**
 * Which service is called, and where.
 *
 * @category models
 * @since 0.1.0
 */
export interface SignedHttpClientOptions extends Scope {
  /** The name that the service signs by, for example `bedrock`, `s3` or `dynamodb`. */
  readonly service: string
  readonly region: string
}

type Failure = HttpClientError.HttpClientError
type Response = HttpClientResponse.HttpClientResponse

interface Sent {
  readonly response: Response
  readonly sentAt: number
  readonly offset: number
}

/** The credential error stays whole as the cause; only one that may pass is what clients retry. */
const withoutCredentials =
  (request: HttpClientRequest.HttpClientRequest) =>
  (cause: SourceError): HttpClientError.RequestError =>
    new HttpClientError.RequestError({
      request,
      reason: cause instanceof StsCredentialError && cause.recoverable ? "Transport" : "Encode",
      description: cause.message,
      cause
    })

const mayRefuse: ReadonlySet<number> = new Set([400, 401, 403])

/** A refusal's body is read for its code, and put back. */
const readable = (response: Response, maxBytes: number): Effect.Effect<BufferedResponse, Failure> =>
  response instanceof BufferedResponse
    ? Effect.succeed(response)
    : Effect.map(
        Reply.read(response, maxBytes),
        ({ body, headers, status }) =>
          new BufferedResponse(response.request, status, headers, new TextEncoder().encode(body))
      )

/** Adds nothing after the signature, follows no redirect with it, and shows no token in spans. */
const discreet = (client: HttpClient.HttpClient): HttpClient.HttpClient =>
  client.pipe(
    HttpClient.withTracerPropagation(false),
    HttpClient.transformResponse(
      Effect.locallyWith(Headers.currentRedactedNames, (names) => [...names, "x-amz-security-token"])
    ),
    HttpClient.transformResponse(withoutRedirects)
  )

class Signed {
  private readonly state: ClientState.ClientState
  private readonly client: HttpClient.HttpClient

  constructor(
    client: HttpClient.HttpClient,
    private readonly provider: CredentialSource<Credentials>,
    private readonly sign: ReturnType<typeof signRequest>
  ) {
    // What STS's operations learn of the service's clock through the same client counts here too.
    this.state = ClientState.of("aws", client)
    this.client = discreet(client)
  }

  execute(request: HttpClientRequest.HttpClientRequest): Effect.Effect<Response, Failure> {
    const credentials = Effect.mapError(this.provider.get, withoutCredentials(request))
    return Effect.flatMap(credentials, (used) =>
      Effect.flatMap(this.send(request, used), (sent) =>
        mayRefuse.has(sent.response.status)
          ? Effect.flatMap(RequestPolicy, (policy) => this.onRefusal(request, used, sent, policy))
          : Effect.succeed(sent.response)
      )
    )
  }

  /** Whatever the client itself does to a request, such as completing its URL, comes before the signature. */
  private send(
    request: HttpClientRequest.HttpClientRequest,
    credentials: Credentials
  ): Effect.Effect<Sent, Failure> {
    return Effect.flatMap(Clock.currentTimeMillis, (sentAt) => {
      const offset = this.state.clockOffset
      return HttpClient.mapRequestEffect(this.client, (whole) =>
        this.sign(whole, credentials, sentAt + offset)
      )
        .execute(request)
        .pipe(Effect.map((response) => ({ response, sentAt, offset })))
    })
  }

  /** Sends once more what was refused for its time or its credentials, if there is something better to sign with. */
  private onRefusal(
    request: HttpClientRequest.HttpClientRequest,
    used: Credentials,
    sent: Sent,
    policy: Policy
  ): Effect.Effect<Response, Failure> {
    if (Number(sent.response.headers["content-length"] ?? 0) > policy.maxReplyBytes) {
      return Effect.succeed(sent.response)
    }
    return Effect.gen(this, function* () {
      const receivedAt = yield* Clock.currentTimeMillis
      const refusal = yield* readable(sent.response, policy.maxReplyBytes)
      const code = refusalCode(refusal.rawHeaders, refusal.bodyText)
      if (code === undefined) return refusal
      const offset = this.betterOffset(code, sent, receivedAt, refusal.rawHeaders, policy)
      if (offset !== undefined) this.state.clockOffset = offset
      const key = offset === undefined ? yield* this.renewed(request, code, refusal.status, used) : used
      return key === undefined || !isRepeatable(request) ? refusal : (yield* this.send(request, key)).response
    })
  }

  private betterOffset(
    code: string,
    { offset, sentAt }: Sent,
    receivedAt: number,
    { age, date }: Readonly<Record<string, string>>,
    policy: Policy
  ): number | undefined {
    if (!policy.correctClockSkew || clockSkewOf(code) === undefined) return undefined
    const measured = offsetMillis({ sentAt, receivedAt, age, date }, policy.maxClockSkewRoundTrip)
    return measured !== undefined && Math.abs(measured - offset) >= noticeableOffsetMillis
      ? measured
      : undefined
  }

  /** Other credentials than those that were refused, if the refusal was theirs and there are any. */
  private renewed(
    request: HttpClientRequest.HttpClientRequest,
    code: string,
    status: number,
    { accessKeyId }: Credentials
  ): Effect.Effect<Credentials | undefined, Failure> {
    const { get, invalidate } = this.provider
    const rejected = rejectsCredentials({ code, category: categoryOf(code, status) })
    if (!rejected || invalidate === undefined) return Effect.succeed(undefined)
    return Effect.zipRight(invalidate(accessKeyId), get).pipe(
      Effect.mapError(withoutCredentials(request)),
      Effect.map((fresh) => (fresh.accessKeyId === accessKeyId ? undefined : fresh))
    )
  }
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
 * Give it a client without `HttpClient.followRedirects`, which would send the session token on to wherever it is
 * redirected. Tracing headers are not sent.
 *
 * @example
 * ```ts
 * import * as HttpClient from "@effect/platform/HttpClient"
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
    const sign = signRequest(signer, options)
    return (client) => {
      const signed = new Signed(client, provider, sign)
      return HttpClient.makeWith<never, never, Failure, never>(
        Effect.flatMap((request) => signed.execute(request)),
        Effect.succeed
      )
    }
  })
