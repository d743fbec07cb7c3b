/**
 * How a request is made: one way for every operation of every cloud.
 *
 * @since 0.1.0
 */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as HttpClient from "effect/http/HttpClient"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import type * as Tracer from "effect/Tracer"
import { noticeableOffsetMillis, offsetMillis } from "../protocol/clockSkew.js"
import type { Exchange } from "../protocol/exchange.js"
import { delayMillis, type RetryKind } from "../protocol/retry.js"
import { scrub } from "../protocol/scrub.js"
import {
  type Cloud,
  StsApiError,
  type StsConfigError,
  StsResponseError,
  StsTransportError
} from "../schemas/StsError.js"
import { type Outcome, postOf, type UnderWay } from "./BufferedClient.js"
import * as ClientState from "./ClientState.js"
import { atHand, sameCredentials } from "./CredentialSource.js"
import { configProviderOf } from "./configProvider.js"
import type { Endpoint } from "./Endpoint.js"
import { clockOf, cooperatingFiber, type RunningFiber } from "./fiber.js"
import { ended, type Subject, spanned } from "./Observation.js"
import type { Permits } from "./Permits.js"
import * as Reply from "./Reply.js"
import { type Policy, RequestPolicy } from "./RequestPolicy.js"
import { formType } from "./SecretRequest.js"
import { type Answer, send } from "./send.js"
import * as TransportFault from "./TransportFault.js"
import { after, type Cancel, timeLimit } from "./timeLimit.js"
import { Listeners } from "./withReply.js"

/**
 * A request as it goes out: a POST with everything in its form body, so that no token ever stands in a URL.
 *
 * @category models
 * @since 0.1.0
 */
export interface Outgoing {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** What was signed, to tell a wrong secret from a changed request. */
  readonly stringToSign?: string | undefined
}

/** What signs a request, where anything does. */
type Signatory = { readonly accessKeyId: string } | undefined

/**
 * Where a call's credentials come from.
 *
 * @category models
 * @since 0.1.0
 */
export interface Source<Credentials, E> {
  readonly get: Effect.Effect<Credentials, E>
  readonly invalidate?: ((accessKeyId: string) => Effect.Effect<void>) | undefined
}

/**
 * What an operation is to the pipeline. It is made once, and all its calls use it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Operation<Request, Encoded, Credentials extends Signatory, Response, E, R> {
  readonly cloud: Cloud
  readonly name: string
  readonly endpoint: (policy: Policy) => Effect.Effect<Endpoint, StsConfigError>
  /** What the endpoint depends on beside policy and configuration, as one object; the same one for the same endpoint. */
  readonly settings: (context: Context.Context<never>) => object
  /** What signs in a context, if anything does. Layers make one each time that they are built. */
  readonly signer: (context: Context.Context<never>) => object | undefined
  /** Asked before each attempt, and before the permit: a source may itself call the service. */
  readonly source: (context: Context.Context<R>) => Source<Credentials, E>
  /** What is the same in all attempts of a call. */
  readonly encode: (request: Request) => Encoded
  /** A new timestamp, nonce and signature. `time` is the service's, in milliseconds since 1970. */
  readonly sign: (
    context: Context.Context<R>,
    encoded: Encoded,
    credentials: Credentials,
    endpoint: Endpoint,
    time: number
  ) => Effect.Effect<Outgoing, E>
  /** Whether a refusal that does not say so may still come from a wrong clock. */
  readonly maybeClockSkew: (error: StsApiError) => boolean
  /** Whether a refusal says that the credentials are expired or unknown, so that others may be accepted. */
  readonly rejectsCredentials: (error: StsApiError) => boolean
  /** What must not be shown of a reply. */
  readonly secrets: (request: Request, credentials: Credentials) => ReadonlyArray<string>
  readonly decode: (exchange: Exchange) => Result.Result<Response, StsApiError | StsResponseError>
}

/**
 * What every call can fail with once its request is valid.
 *
 * @category models
 * @since 0.1.0
 */
export type CallError = StsApiError | StsConfigError | StsTransportError | StsResponseError

type AttemptError<E> = CallError | E

const retryKind = (error: unknown): RetryKind | undefined => {
  if (error instanceof StsApiError) {
    return error.retryable ? (error.category === "throttled" ? "throttled" : "transient") : undefined
  }
  return (error instanceof StsTransportError || error instanceof StsResponseError) && error.retryable
    ? "transient"
    : undefined
}

const retryAfter = (error: unknown): number | undefined =>
  error instanceof StsApiError ? error.retryAfterMillis : undefined

/** One call. All that it holds or waits for stands in its fields, so that {@link Call.end} can undo it. */
class Call<Request, Encoded, Credentials extends Signatory, Response, E, R> {
  private readonly source: Source<Credentials, E>
  private readonly encoded: Encoded
  private readonly startedAt: number
  private readonly permits: Permits
  private attempts = 0
  /** What the last retry took from the budget. */
  private spent = 0
  /** Whether the clock was corrected already. */
  private resigned = false
  private renewed = false
  /** The offset that the last attempt was signed with. */
  private signedOffset = 0
  /** The offset that the last reply told, where it can be trusted. */
  private measuredOffset: number | undefined
  /** What the last attempt was signed with. */
  private used: Credentials | undefined
  private sentAt = 0
  private stringToSign: string | undefined
  private holdsPermit = false
  private timer: Cancel | undefined
  private underWay: UnderWay | undefined

  constructor(
    private readonly operation: Operation<Request, Encoded, Credentials, Response, E, R>,
    private readonly request: Request,
    private readonly fiber: RunningFiber,
    private readonly context: Context.Context<R>,
    private readonly client: HttpClient.HttpClient,
    private readonly state: ClientState.HostState,
    private readonly policy: Policy,
    private readonly endpoint: Endpoint,
    private readonly subject: Subject,
    private readonly span: Tracer.Span | undefined
  ) {
    this.source = operation.source(context)
    this.encoded = operation.encode(request)
    this.permits = state.permits(policy.maxConcurrentRequests)
    this.startedAt = this.now()
  }

  /** Nothing is taken or begun before what ends the call is in place. */
  run(): Effect.Effect<Response, AttemptError<E>> {
    return Effect.onExit(
      Effect.suspend(() => this.try()),
      (exit) => {
        this.end(exit)
        return Effect.void
      }
    )
  }

  /** Whatever a call ends with, an interruption too, it ends here. */
  private end(exit: Exit.Exit<Response, AttemptError<E>>): void {
    this.stopWaiting()
    this.release()
    ended(this.fiber, this.subject, this.attempts, exit, this.now() - this.startedAt, this.span)
  }

  private release(): void {
    if (!this.holdsPermit) return
    this.holdsPermit = false
    this.permits.release()
  }

  private stopWaiting(): void {
    const { timer, underWay } = this
    this.timer = this.underWay = undefined
    timer?.()
    underWay?.abort()
  }

  private now(): number {
    return clockOf(this.fiber).currentTimeMillisUnsafe()
  }

  /** Milliseconds that the whole call may still take. */
  private left(): number {
    return this.policy.timeout - (this.now() - this.startedAt)
  }

  private tooLong(): StsTransportError {
    return TransportFault.timedOut(this.subject, this.policy.timeout, "call")
  }

  /** Waits for what `begin` begins and tells later; it is given up where that takes too long, or the call ends. */
  private wait<A>(
    millis: number,
    late: () => StsTransportError,
    begin: (settle: (effect: Effect.Effect<A, StsTransportError>) => void) => UnderWay
  ): Effect.Effect<A, StsTransportError> {
    if (millis <= 0) return Effect.fail(late())
    return Effect.callback((resume) => {
      if (millis < Number.POSITIVE_INFINITY) {
        this.timer = after(this.fiber, millis, () => {
          this.stopWaiting()
          resume(Effect.fail(late()))
        })
      }
      this.underWay = begin((effect) => {
        this.underWay = undefined
        this.stopWaiting()
        resume(effect)
      })
    })
  }

  /** Somebody else's effect, for as long as the call may take. */
  private inTime<A, E1>(effect: Effect.Effect<A, E1>): Effect.Effect<A, E1 | StsTransportError> {
    return timeLimit(effect, this.left(), () => this.tooLong())
  }

  /** Tries until an attempt succeeds or may not be repeated. */
  private try(): Effect.Effect<Response, AttemptError<E>> {
    return Effect.catch(this.attempt(), (error) => {
      this.release()
      return this.afterFailure(error)
    })
  }

  private afterFailure(error: AttemptError<E>): Effect.Effect<Response, AttemptError<E>> {
    if (this.betterOffset(error) && this.mayTry()) {
      this.resigned = true
      return this.try()
    }
    if (this.mayRenew(error)) return this.renew(error)
    const kind = retryKind(error)
    if (kind === undefined || !this.mayTry()) return Effect.fail(error)
    this.spent = this.state.budget.take(kind)
    if (this.spent === 0) return Effect.fail(error)
    return Effect.flatMap(this.delay(kind, retryAfter(error)), (millis) => this.again(millis))
  }

  private again(millis: number): Effect.Effect<Response, AttemptError<E>> {
    const left = this.left()
    return millis < left
      ? Effect.flatMap(Effect.sleep(millis), () => this.try())
      : Effect.flatMap(Effect.sleep(left), () => Effect.fail(this.tooLong()))
  }

  /** Whether the policy allows another attempt; the one with renewed credentials comes on top. */
  private mayTry(): boolean {
    return this.attempts - Number(this.renewed) < this.policy.maxAttempts
  }

  private mayRenew(error: unknown): error is StsApiError {
    return (
      !this.renewed &&
      this.source.invalidate !== undefined &&
      error instanceof StsApiError &&
      this.operation.rejectsCredentials(error)
    )
  }

  /** Tries once more if the source has others than those that were refused. */
  private renew(error: StsApiError): Effect.Effect<Response, AttemptError<E>> {
    this.renewed = true
    const { used } = this
    const { get, invalidate } = this.source
    if (used === undefined || invalidate === undefined) return Effect.fail(error)
    return Effect.flatMap(this.inTime(Effect.andThen(invalidate(used.accessKeyId), get)), (fresh) =>
      sameCredentials(fresh, used) ? Effect.fail(error) : this.try()
    )
  }

  private delay(kind: RetryKind, retryAfterMillis: number | undefined): Effect.Effect<number> {
    const { backoff, jitter, maxBackoff, throttledBackoff } = this.policy
    const bounds = { baseMillis: backoff, throttledBaseMillis: throttledBackoff, maxMillis: maxBackoff }
    const earlier = this.attempts - 1
    const afterwards = (random: number) => delayMillis(bounds, kind, earlier, random, retryAfterMillis)
    return jitter ? Effect.map(Random.next, afterwards) : Effect.succeed(afterwards(1))
  }

  /** Credentials, then a permit. What is at hand is taken without waiting. */
  private attempt(): Effect.Effect<Response, AttemptError<E>> {
    this.attempts++
    const { get } = this.source
    const known = atHand(get, this.now())
    if (known === undefined) {
      return Effect.flatMap(this.inTime(get), (credentials) => this.permitted(credentials))
    }
    return known._tag === "Success" ? this.permitted(known.value) : Effect.failCause(known.cause)
  }

  private permitted(credentials: Credentials): Effect.Effect<Response, AttemptError<E>> {
    this.used = credentials
    if (this.permits.take()) {
      this.holdsPermit = true
      return this.sign(credentials)
    }
    const inLine = this.wait<void>(
      this.left(),
      () => this.tooLong(),
      (settle) => {
        const waiter = this.permits.enter(() => {
          this.holdsPermit = true
          // Whoever gave the permit back goes on first.
          settle(Effect.yieldNow)
        })
        return { abort: () => this.permits.leave(waiter) }
      }
    )
    return Effect.flatMap(inLine, () => this.sign(credentials))
  }

  private sign(credentials: Credentials): Effect.Effect<Response, AttemptError<E>> {
    this.sentAt = this.now()
    this.signedOffset = this.state.clockOffset
    const time = this.sentAt + this.signedOffset
    const signing = this.operation.sign(this.context, this.encoded, credentials, this.endpoint, time)
    return Effect.flatMap(signing, (outgoing) => this.send(outgoing, credentials))
  }

  private send(outgoing: Outgoing, credentials: Credentials): Effect.Effect<Response, AttemptError<E>> {
    const { attemptTimeout = Number.POSITIVE_INFINITY, maxReplyBytes } = this.policy
    const left = this.left()
    const millis = Math.min(left, attemptTimeout)
    const late = () =>
      millis === left ? this.tooLong() : TransportFault.timedOut(this.subject, attemptTimeout, "attempt")
    const { body, stringToSign } = outgoing
    this.stringToSign = stringToSign
    const { url } = this.endpoint
    const post = postOf(this.client)
    if (post === undefined) {
      // Any other client derives the Host header from the URL.
      const { host: _, ...headers } = { ...formHeaders, ...outgoing.headers }
      const parts = { method: "POST", url, headers, body } as const
      const sending = Effect.mapError(send(this.client, parts, maxReplyBytes), (failure) =>
        TransportFault.fromClient(this.subject, failure)
      )
      return Effect.flatMap(timeLimit(sending, millis, late), ({ changes, reply }) =>
        this.replied(reply, credentials, changes)
      )
    }
    const stated = outgoing.headers
    const headers = stated["content-type"] === undefined ? { ...formHeaders, ...stated } : stated
    const exchange: Effect.Effect<Outcome, AttemptError<E>> = this.wait<Outcome>(millis, late, (settle) => {
      const done = (outcome: Outcome) => settle(Effect.succeed(outcome))
      return post(url, headers, body, this.context as Context.Context<never>, done)
    })
    return Effect.flatMap(
      exchange,
      (outcome): Effect.Effect<Response, AttemptError<E>> =>
        outcome.kind === "reply"
          ? this.replied(Reply.of(outcome), credentials, nothing)
          : Effect.fail(TransportFault.fromOutcome(this.subject, outcome))
    )
  }

  private replied(
    reply: Reply.Reply,
    credentials: Credentials,
    changes: Answer["changes"]
  ): Effect.Effect<Response, StsApiError | StsResponseError> {
    const { cloud, decode, name } = this.operation
    const { body, headers, status } = reply
    this.release()
    this.measureTime(reply)
    const secrets = () => this.operation.secrets(this.request, credentials)
    Context.get(this.context, Listeners)[cloud]?.(reply, this.attempts, secrets)
    if (status >= 300 && status < 400) return Effect.fail(this.redirected(reply, secrets))
    const decoded = decode({
      cloud,
      operation: name,
      status,
      headers,
      body,
      stringToSign: this.stringToSign,
      secrets
    })
    if (Result.isFailure(decoded)) return Effect.fail(TransportFault.withChanges(decoded.failure, changes))
    this.state.budget.putBack(this.spent)
    return Effect.succeed(decoded.success)
  }

  private redirected(
    { headers, status }: Reply.Reply,
    secrets: () => ReadonlyArray<string>
  ): StsResponseError {
    const location = headers["location"]
    const to =
      location !== undefined && URL.canParse(location, this.endpoint.url)
        ? scrub(new URL(location, this.endpoint.url).host.slice(0, 100), secrets())
        : undefined
    return TransportFault.redirected(this.subject, status, to)
  }

  /** Whether an attempt was refused for its time, and it is known better by now. */
  private betterOffset(error: unknown): boolean {
    const offset = this.measuredOffset
    if (this.resigned || offset === undefined || !(error instanceof StsApiError)) return false
    const differs = Math.abs(offset - this.signedOffset) >= noticeableOffsetMillis
    return error.category === "clock-skew" || (differs && this.operation.maybeClockSkew(error))
  }

  private measureTime({ headers }: Reply.Reply): void {
    if (!this.policy.correctClockSkew) return
    const trip = {
      sentAt: this.sentAt,
      receivedAt: this.now(),
      date: headers["date"],
      age: headers["age"]
    }
    const offset = offsetMillis(trip, this.policy.maxClockSkewRoundTrip)
    this.measuredOffset = offset
    if (offset !== undefined) this.state.clockOffset = offset
  }
}

const nothing: ReadonlyArray<string> = []
const formHeaders: Readonly<Record<string, string>> = { "content-type": formType }

/**
 * Makes a call: credentials, a permit, a signature, the exchange, the reply, and what may be repeated again.
 *
 * @category constructors
 * @since 0.1.0
 */
export const run = <Request, Encoded, Credentials extends Signatory, Response, E, R>(
  operation: Operation<Request, Encoded, Credentials, Response, E, R>,
  request: Request
): Effect.Effect<Response, CallError | E, R | HttpClient.HttpClient> =>
  cooperatingFiber((fiber) => {
    const context = fiber.context as Context.Context<R | HttpClient.HttpClient>
    const policy = Context.get(context, RequestPolicy)
    const client = Context.get(context, HttpClient.HttpClient)
    const { cloud, name } = operation
    const state = ClientState.of(cloud, client, operation.signer(context))
    const settings = operation.settings(context)
    const config = configProviderOf(fiber)
    return Effect.flatMap(
      state.endpoint(client, policy, settings, config, operation.endpoint),
      (endpoint) => {
        const subject = { cloud, operation: name, host: endpoint.host, region: endpoint.region }
        const host = state.host(endpoint.host)
        return spanned(fiber, subject, (span) =>
          new Call(operation, request, fiber, context, client, host, policy, endpoint, subject, span).run()
        )
      }
    )
  })
