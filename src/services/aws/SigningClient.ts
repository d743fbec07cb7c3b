/**
 * Signed exchanges with any AWS service, and what a refusal says about the credentials and the clock.
 *
 * @since 0.1.0
 */
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
import { discreet, Redirected } from "../send.js"
import { isRepeatable, type signRequest } from "./signRequest.js"

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

const notFollowed = (request: HttpClientRequest.HttpClientRequest): HttpClientError.RequestError =>
  new HttpClientError.RequestError({
    request,
    reason: "InvalidUrl",
    description: "the signed request was about to go to another address: no redirect is followed with it"
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

/**
 * A client that signs with whatever credentials its provider gives at each request.
 *
 * @category models
 * @since 0.1.0
 */
export class SigningClient {
  private readonly state: ClientState.CloudState

  constructor(
    private readonly client: HttpClient.HttpClient,
    private readonly provider: CredentialSource<Credentials>,
    private readonly sign: ReturnType<typeof signRequest>,
    signer: object
  ) {
    // What STS's operations learn of the service's clock through the same client counts here too.
    this.state = ClientState.of("aws", client, signer)
  }

  /** Sends a request, and once more where it was refused for something that can be set right. */
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
      const offset = this.state.lastOffset
      let signedFor: string | undefined
      const signing = HttpClient.mapRequestEffect(this.client, (whole) =>
        Effect.tap(this.sign(whole, credentials, sentAt + offset), ({ url }) => {
          signedFor = url
        })
      )
      // What is signed for one address goes to no other.
      return discreet(
        Effect.suspend(() => signing.execute(request)),
        true,
        ({ url }) => signedFor !== undefined && url !== signedFor
      ).pipe(
        Effect.catchAllDefect((defect) =>
          defect instanceof Redirected ? Effect.fail(notFollowed(request)) : Effect.die(defect)
        ),
        Effect.map((response) => ({ response, sentAt, offset }))
      )
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
      if (offset !== undefined) this.state.lastOffset = offset
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
