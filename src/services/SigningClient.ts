/**
 * Signed exchanges with any service of a cloud, and what a refusal says about the credentials and the clock.
 */

import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Result from "effect/Result"
import { Attempts, type Failure, isBetter, type Patience, type Remedy, retried } from "../protocol/retry.js"
import { type Target, targetOf } from "../protocol/signature.js"
import { type Cloud, StsCredentialError } from "../schemas/StsError.js"
import * as Client from "./Client.js"
import { type CredentialSource, renewed, type SourceError } from "./CredentialSource.js"
import { BufferedResponse, readReply } from "./HttpReply.js"
import { nothingApart, parsedUrlOf, secretHeaders } from "./HttpRequest.js"
import { type ClientError, discreet, Redirected, withoutReply } from "./platformHttp.js"
import { type Policy, RequestPolicy } from "./RequestPolicy.js"

type Request = HttpClientRequest.HttpClientRequest

/** Whether a request's body can be sent once more. */
const isRepeatable = ({ body }: Request): boolean => body._tag !== "Stream"

/** What to hash of a body, or why that is not known. `remedy` says what would do instead. */
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

/** The error for a request that cannot be signed. It does not repeat a password in the URL. */
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
  Result.fromNullishOr(parsedUrlOf(request), () => "its URL is not absolute").pipe(
    Result.flatMap((url) => targetOf(url, likeS3)),
    Result.mapError(refused(request, "InvalidUrl"))
  )

/**
 * The request as it is sent, with signed headers. Unless it is stated, the client derives the Host header from the URL,
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

/** How a cloud's requests are signed, and what its refusals say. */
export interface Scheme<Credentials> {
  readonly cloud: Cloud
  /** Signs a request as it is sent. `time` is the service's, in milliseconds since 1970. */
  readonly sign: (
    request: HttpClientRequest.HttpClientRequest,
    credentials: Credentials,
    time: number
  ) => Effect.Effect<HttpClientRequest.HttpClientRequest, ClientError>
  /** Statuses of replies that may blame the credentials or the time. */
  readonly blamingStatuses: ReadonlySet<number>
  /** The code of a refusal, if it has one. Header names are in lower case. */
  readonly codeOf: (headers: Readonly<Record<string, string>>, body: string) => string | undefined
  /** What to do about a refusal. */
  readonly remedyOf: (code: string, status: number) => Remedy
}

type Response = HttpClientResponse.HttpClientResponse

/** What a request was signed with, and how far the service's clock was off by then. */
interface Sent<Credentials> {
  readonly response: Response
  readonly used: Credentials
  readonly sentAt: number
  readonly offset: number
}

/** A reply that may be different if the request is signed with something else. */
class Refusal<Credentials> {
  readonly _tag = "Refusal"
  constructor(
    readonly response: Response,
    readonly used: Credentials,
    readonly failure: Failure
  ) {}
}

/** The whole credential error is the cause; clients retry only one that may pass. */
const withoutCredentials =
  (request: HttpClientRequest.HttpClientRequest) =>
  (cause: SourceError): ClientError =>
    withoutReply(
      request,
      cause instanceof StsCredentialError && cause.reason === "Unavailable" ? "Transport" : "Encode",
      {
        description: cause.message,
        cause
      }
    )

const notFollowed = (request: HttpClientRequest.HttpClientRequest): ClientError =>
  withoutReply(request, "InvalidUrl", {
    description:
      "the signed request was redirected to another address, and signed requests do not follow redirects"
  })

/** A refusal's body is read for its code, and put back. */
const readable = (response: Response, maxBytes: number): Effect.Effect<BufferedResponse, ClientError> =>
  response instanceof BufferedResponse
    ? Effect.succeed(response)
    : Effect.map(
        readReply(response, maxBytes),
        ({ body, headers, status }) =>
          new BufferedResponse(response.request, status, headers, new TextEncoder().encode(body))
      )

// Once with the right time, and once more with other credentials. Whether to wait and retry is for the client to decide.
const corrections: Patience = { maxAttempts: 2, backoff: 0, throttledBackoff: 0, maxBackoff: 0 }

class SigningClient<Credentials extends { readonly accessKeyId: string }> {
  private readonly state: Client.CloudState

  constructor(
    private readonly client: HttpClient.HttpClient,
    private readonly provider: CredentialSource<Credentials>,
    private readonly scheme: Scheme<Credentials>,
    owner: object
  ) {
    // What STS's operations learn of the service's clock through the same client counts here too.
    this.state = Client.stateOf(scheme.cloud, client, owner)
  }

  /** Sends a request, and sends it again where it was refused for something that can be corrected. */
  execute(request: Request): Effect.Effect<Response, ClientError> {
    return Effect.suspend(() => {
      const attempts = new Attempts(corrections)
      let key: Credentials | undefined
      const attempt = () => {
        attempts.made++
        const credentials = key === undefined ? this.credentials(request) : Effect.succeed(key)
        return Effect.flatMap(credentials, (used) => this.attempt(request, used))
      }
      const beforeNext = (error: ClientError | Refusal<Credentials>) => {
        if (!(error instanceof Refusal)) return undefined
        const next = attempts.next(error.failure)
        if (next !== "renew") return next === "sign again" && isRepeatable(request) ? Effect.void : undefined
        const renewing = Effect.mapError(renewed(this.provider, error.used), withoutCredentials(request))
        return Effect.flatMap(renewing, (fresh) => {
          key = fresh
          return fresh === undefined || !isRepeatable(request) ? Effect.fail(error) : Effect.void
        })
      }
      return retried<Response, ClientError | Refusal<Credentials>, never>({ attempt, beforeNext })
    }).pipe(
      Effect.catchIf(
        (error) => error instanceof Refusal,
        ({ response }) => Effect.succeed(response)
      )
    )
  }

  private credentials(request: Request): Effect.Effect<Credentials, ClientError> {
    return Effect.mapError(this.provider.get, withoutCredentials(request))
  }

  private attempt(
    request: Request,
    used: Credentials
  ): Effect.Effect<Response, ClientError | Refusal<Credentials>> {
    return Effect.flatMap(this.send(request, used), (sent) =>
      this.scheme.blamingStatuses.has(sent.response.status)
        ? Effect.flatMap(RequestPolicy, (policy) => this.judge(sent, policy))
        : Effect.succeed(sent.response)
    )
  }

  /** Whatever the client itself does to a request, such as completing its URL, comes before the signature. */
  private send(request: Request, credentials: Credentials): Effect.Effect<Sent<Credentials>, ClientError> {
    return Effect.flatMap(Clock.currentTimeMillis, (sentAt) => {
      const offset = this.state.clockOffset
      let signed: HttpClientRequest.HttpClientRequest | undefined
      let sentAsIs = false
      const signing = HttpClient.mapRequestEffect(this.client, (whole) =>
        Effect.tap(this.scheme.sign(whole, credentials, sentAt + offset), (made) =>
          Effect.sync(() => {
            signed = made
            sentAsIs = false
          })
        )
      )
      // What is signed for one address is sent to no other, and to this one only as it is.
      const follows = (sent: HttpClientRequest.HttpClientRequest): boolean => {
        if (signed === undefined) return false
        if (sent === signed) sentAsIs = true
        const copied = sent.headers === signed.headers || sent.method !== signed.method
        return sent.url !== signed.url || (sentAsIs && sent !== signed && copied)
      }
      return discreet(
        Effect.suspend(() => signing.execute(request)),
        true,
        follows
      ).pipe(
        Effect.catchDefect((defect) =>
          defect instanceof Redirected ? Effect.fail(notFollowed(request)) : Effect.die(defect)
        ),
        Effect.map((response) => ({ response, used: credentials, sentAt, offset }))
      )
    })
  }

  /** Fails with a refusal of the time or the credentials; anything else is the answer. */
  private judge(
    { offset, response, sentAt, used }: Sent<Credentials>,
    policy: Policy
  ): Effect.Effect<Response, ClientError | Refusal<Credentials>> {
    const { maxReplyBytes } = policy
    if (Number(response.headers["content-length"] ?? 0) > maxReplyBytes) return Effect.succeed(response)
    return Effect.gen({ self: this }, function* () {
      const receivedAt = yield* Clock.currentTimeMillis
      const refusal = yield* readable(response, maxReplyBytes)
      const { age, date } = refusal.rawHeaders
      const code = this.scheme.codeOf(refusal.rawHeaders, refusal.bodyText)
      if (code === undefined) return refusal
      const { clock, renew } = this.scheme.remedyOf(code, refusal.status)
      const told =
        clock === undefined
          ? undefined
          : Client.noteTime(this.state, { sentAt, receivedAt, age, date }, policy)
      return yield* Effect.fail(
        new Refusal<Credentials>(refusal, used, { signAgain: isBetter(clock, offset, told), renew })
      )
    })
  }
}

/**
 * Clients that sign with whatever credentials a provider gives at each request. `owner` tells which clients belong
 * together where nothing else does.
 */
export const signingClient =
  <Credentials extends { readonly accessKeyId: string }>(
    provider: CredentialSource<Credentials>,
    scheme: Scheme<Credentials>,
    owner: object
  ) =>
  (client: HttpClient.HttpClient): HttpClient.HttpClient => {
    const signed = new SigningClient(client, provider, scheme, owner)
    return HttpClient.makeWith<never, never, ClientError, never>(
      Effect.flatMap((request) => signed.execute(request)),
      Effect.succeed
    )
  }
