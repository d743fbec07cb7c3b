/**
 * One call under way: credentials, a permit, a signature, the exchange, the reply, and what may be repeated again.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as HttpClient from "effect/http/HttpClient"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import type * as Tracer from "effect/Tracer"
import { noticeableOffsetMillis, offsetMillis } from "../protocol/clockSkew.js"
import { isRedirect } from "../protocol/refusals.js"
import { delayMillis, type RetryKind } from "../protocol/retry.js"
import { scrub } from "../protocol/scrub.js"
import { StsApiError, StsResponseError, StsTransportError } from "../schemas/StsError.js"
import type * as ClientState from "./ClientState.js"
import type { Permits, Waiter } from "./ClientState.js"
import { atHand, sameCredentials } from "./CredentialSource.js"
import type { Endpoint } from "./Endpoint.js"
import {
  type Alarm,
  after,
  type Bell,
  cancel,
  clockOf,
  isTraced,
  type RunningFiber,
  timeLimit
} from "./fiber.js"
import {
  type Outcome,
  type Post,
  postOf,
  type Reply,
  replyOf,
  type Sender,
  type UnderWay
} from "./HttpReply.js"
import { formType } from "./HttpRequest.js"
import { ended, type Subject, spanned } from "./Observation.js"
import type { CallError, Operation, Outgoing, Signatory, Source } from "./Operations.js"
import type { Policy } from "./RequestPolicy.js"
import { send } from "./send.js"
import * as TransportFault from "./TransportFault.js"
import { Listeners } from "./withReply.js"

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

const formHeaders: Readonly<Record<string, string>> = { "content-type": formType }
const unchanged: ReadonlyArray<string> = []

type Failed<E> = CallError | E

/** A call. Whatever it holds or waits for stands in its fields, so that one place can end it. */
export class Call<Request, Encoded, Credentials extends Signatory, Response, E, R>
  implements Waiter, Bell, Sender
{
  private readonly subject: Subject
  private readonly source: Source<Credentials, E>
  private readonly permits: Permits
  private readonly startedAt: number
  private span: Tracer.Span | undefined
  private encoded: Encoded | undefined
  private attempts = 0
  /** What the last retry took from the budget. */
  private spent = 0
  /** Whether the clock was corrected already. */
  private resigned = false
  private renewed = false
  /** What the last attempt was signed with: credentials, and how far our clock was off. */
  private used: Credentials | undefined
  private signedOffset = 0
  /** The offset that the last reply told, where it can be trusted. */
  private measuredOffset: number | undefined
  private sentAt = 0
  private stringToSign: string | undefined
  private outgoing: Outgoing | undefined

  before: Waiter | undefined
  after: Waiter | undefined
  waits = false
  private holdsPermit = false
  private exchange: UnderWay | undefined
  private alarm: Alarm | undefined
  /** What the time that the fiber is parked for is over of, if it is. */
  private limit: "call" | "attempt" = "call"
  private resume: ((effect: Effect.Effect<void, StsTransportError>) => void) | undefined
  private outcome: Outcome | undefined

  constructor(
    private readonly operation: Operation<Request, Encoded, Credentials, Response, E, R>,
    private readonly request: Request,
    private readonly fiber: RunningFiber,
    private readonly context: Context.Context<R>,
    private readonly client: HttpClient.HttpClient,
    private readonly state: ClientState.HostState,
    private readonly policy: Policy,
    private readonly endpoint: Endpoint
  ) {
    this.subject = { cloud: operation.cloud, operation: operation.name, host: endpoint.host }
    this.source = operation.source(context)
    this.permits = state.permits(policy.maxConcurrentRequests)
    this.startedAt = this.now()
  }

  /** The whole call, under a span where somebody keeps spans. */
  run(): Effect.Effect<Response, Failed<E>> {
    if (!isTraced(this.fiber)) return this.toEnd()
    return spanned(this.subject, this.endpoint, (span) => {
      this.span = span
      return this.toEnd()
    })
  }

  /** Nothing is taken or begun before what ends the call is in place. */
  private toEnd(): Effect.Effect<Response, Failed<E>> {
    return Effect.onExit(this.try(), (exit) => {
      this.end(exit)
      return Effect.void
    })
  }

  /** Whatever a call ends with, an interruption too, it ends here. */
  private end(exit: Exit.Exit<Response, Failed<E>>): void {
    this.giveUp()
    this.release()
    ended(this.fiber, this.subject, this.attempts, exit, this.now() - this.startedAt, this.span)
  }

  private now(): number {
    return clockOf(this.fiber).currentTimeMillisUnsafe()
  }

  /** Milliseconds that the whole call may still take. */
  private left(): number {
    return this.policy.timeout - (this.now() - this.startedAt)
  }

  private late(): StsTransportError {
    const { attemptTimeout = 0, timeout } = this.policy
    return TransportFault.timedOut(this.subject, this.limit === "call" ? timeout : attemptTimeout, this.limit)
  }

  /** Milliseconds that something may take: what is left of the call, or less where an attempt has a limit. */
  private limited(limit: "call" | "attempt"): number {
    const { attemptTimeout = Number.POSITIVE_INFINITY } = this.policy
    const left = this.left()
    this.limit = limit === "attempt" && attemptTimeout < left ? "attempt" : "call"
    return this.limit === "attempt" ? attemptTimeout : left
  }

  /** Somebody else's effect, in a fiber of its own that is interrupted when the time is over. */
  private inTime<A, E1>(limit: "call" | "attempt", effect: Effect.Effect<A, E1>) {
    return timeLimit(effect, this.limited(limit), () => this.late())
  }

  /** Parks the fiber until what `begin` begins unparks it, the time is over, or the call ends. */
  private park(limit: "call" | "attempt", begin: () => void): Effect.Effect<void, StsTransportError> {
    const millis = this.limited(limit)
    if (millis <= 0) return Effect.fail(this.late())
    return Effect.callback((resume) => {
      this.resume = resume
      if (millis < Number.POSITIVE_INFINITY) this.alarm = after(this.fiber, millis, this)
      begin()
    })
  }

  private unpark(effect: Effect.Effect<void, StsTransportError>): void {
    const { resume } = this
    this.resume = undefined
    this.giveUp()
    resume?.(effect)
  }

  private giveUp(): void {
    const { alarm, exchange } = this
    this.alarm = this.exchange = undefined
    if (alarm !== undefined) cancel(alarm)
    exchange?.abort()
    this.permits.leave(this)
  }

  /** By the alarm. */
  ring(): void {
    this.unpark(Effect.fail(this.late()))
  }

  /** By whoever gave a permit back, and goes on first. */
  wake(): void {
    this.holdsPermit = true
    this.unpark(Effect.yieldNow)
  }

  /** Tries until an attempt succeeds or may not be repeated. */
  private try(): Effect.Effect<Response, Failed<E>> {
    return Effect.catch(
      Effect.suspend(() => this.attempt()),
      (error) => {
        this.release()
        return this.afterFailure(error)
      }
    )
  }

  private afterFailure(error: Failed<E>): Effect.Effect<Response, Failed<E>> {
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

  private again(millis: number): Effect.Effect<Response, Failed<E>> {
    const left = this.limited("call")
    return Effect.flatMap(
      Effect.sleep(Math.min(millis, left)),
      (): Effect.Effect<Response, Failed<E>> => (millis < left ? this.try() : Effect.fail(this.late()))
    )
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
      this.operation.remedyOf(error.code, error.status).renew
    )
  }

  /** Tries once more if the source has others than those that were refused. */
  private renew(error: StsApiError): Effect.Effect<Response, Failed<E>> {
    this.renewed = true
    const { used } = this
    const { get, invalidate } = this.source
    if (used === undefined || invalidate === undefined) return Effect.fail(error)
    const renewing = Effect.andThen(invalidate(used.accessKeyId), get)
    return Effect.flatMap(
      this.inTime("call", renewing),
      (fresh): Effect.Effect<Response, Failed<E>> =>
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

  /** Credentials first: their source may itself call the service, and needs a permit then. */
  private attempt(): Effect.Effect<Response, Failed<E>> {
    this.attempts++
    const { get } = this.source
    const known = atHand(get, this.now())
    if (known === undefined) {
      return Effect.flatMap(this.inTime("call", get), (credentials) => this.withCredentials(credentials))
    }
    return known._tag === "Success" ? this.withCredentials(known.value) : Effect.failCause(known.cause)
  }

  private withCredentials(credentials: Credentials): Effect.Effect<Response, Failed<E>> {
    this.used = credentials
    this.holdsPermit = this.permits.take()
    if (this.holdsPermit) return this.sign(credentials)
    const inLine = this.park("call", () => this.permits.enter(this))
    return Effect.flatMap(inLine, () => this.sign(credentials))
  }

  private release(): void {
    if (!this.holdsPermit) return
    this.holdsPermit = false
    this.permits.release()
  }

  private sign(credentials: Credentials): Effect.Effect<Response, Failed<E>> {
    this.encoded ??= this.operation.encode(this.request)
    this.sentAt = this.now()
    this.signedOffset = this.state.clockOffset
    const time = this.sentAt + this.signedOffset
    const signing = this.operation.sign(this.context, this.encoded, credentials, this.endpoint, time)
    return Effect.flatMap(signing, (outgoing) => this.send(outgoing, credentials))
  }

  private send(outgoing: Outgoing, credentials: Credentials): Effect.Effect<Response, Failed<E>> {
    this.stringToSign = outgoing.stringToSign
    const post = postOf(this.client)
    if (post === undefined) return this.sendByStranger(outgoing, credentials)
    this.outgoing = outgoing
    return Effect.flatMap(
      this.park("attempt", () => this.post(post)),
      () => this.received(credentials)
    )
  }

  /** What is sent is kept by who sends it: this call may wait for long. */
  private post(post: Post): void {
    const { body, headers } = this.outgoing as Outgoing
    this.outgoing = undefined
    const typed = headers["content-type"] === undefined ? { ...formHeaders, ...headers } : headers
    this.exchange = post(this.endpoint.url, typed, body, this.context as Context.Context<never>, this)
  }

  /** By the exchange. */
  settle(outcome: Outcome): void {
    this.exchange = undefined
    this.outcome = outcome
    this.unpark(Effect.void)
  }

  private received(credentials: Credentials): Effect.Effect<Response, Failed<E>> {
    const outcome = this.outcome as Outcome
    this.outcome = undefined
    return outcome.kind === "reply"
      ? this.replied(replyOf(outcome), credentials, unchanged)
      : Effect.fail(TransportFault.fromOutcome(this.subject, outcome))
  }

  /** Any other client derives the Host header from the URL. */
  private sendByStranger(outgoing: Outgoing, credentials: Credentials): Effect.Effect<Response, Failed<E>> {
    const { host: _, ...headers } = { ...formHeaders, ...outgoing.headers }
    const parts = { method: "POST", url: this.endpoint.url, headers, body: outgoing.body } as const
    const sending = Effect.mapError(send(this.client, parts, this.policy.maxReplyBytes), (failure) =>
      TransportFault.fromClient(this.subject, failure)
    )
    return Effect.flatMap(this.inTime("attempt", sending), ({ changes, reply }) =>
      this.replied(reply, credentials, changes)
    )
  }

  private replied(
    reply: Reply,
    credentials: Credentials,
    changes: ReadonlyArray<string>
  ): Effect.Effect<Response, StsApiError | StsResponseError> {
    this.release()
    this.measureTime(reply)
    const { cloud, decode, name } = this.operation
    const { body, headers, status } = reply
    const secrets = () => this.operation.secrets(this.request, credentials)
    Context.get(this.context, Listeners)[cloud]?.(reply, this.attempts, secrets)
    if (isRedirect(status)) return Effect.fail(this.redirected(reply, secrets))
    const { stringToSign } = this
    const decoded = decode({ cloud, operation: name, status, headers, body, stringToSign, secrets })
    if (Result.isFailure(decoded)) return Effect.fail(TransportFault.withChanges(decoded.failure, changes))
    this.state.budget.putBack(this.spent)
    return Effect.succeed(decoded.success)
  }

  private redirected({ headers, status }: Reply, secrets: () => ReadonlyArray<string>): StsResponseError {
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
    const { clock } = this.operation.remedyOf(error.code, error.status)
    return clock === "definite" || (differs && clock === "possible")
  }

  private measureTime({ headers }: Reply): void {
    if (!this.policy.correctClockSkew) return
    const { date, age } = headers
    const trip = { sentAt: this.sentAt, receivedAt: this.now(), date, age }
    const offset = offsetMillis(trip, this.policy.maxClockSkewRoundTrip)
    this.measuredOffset = offset
    if (offset !== undefined) this.state.clockOffset = offset
  }
}
