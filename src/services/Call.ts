/**
 * How a call is made, one way for every operation of every cloud: credentials, a permit, a signature, the exchange, the
 * reply, and what is worth another attempt.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClient from "effect/http/HttpClient"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import type * as Tracer from "effect/Tracer"
import { formType } from "../protocol/encoding.js"
import {
  Attempts,
  type Failure,
  isBetter,
  isRedirect,
  retried,
  retryOf,
  type Tried
} from "../protocol/retry.js"
import { secretsIn } from "../protocol/scrub.js"
import type { Checks } from "../schemas/Request.js"
import {
  StsApiError,
  type StsConfigError,
  StsResponseError,
  StsTransportError,
  type StsValidationError
} from "../schemas/StsError.js"
import * as Client from "./Client.js"
import { atHand, renewed } from "./CredentialSource.js"
import type { Endpoint } from "./Endpoint.js"
import {
  type Alarm,
  after,
  type Bell,
  cancel,
  clockOf,
  configProviderOf,
  cooperationNow,
  isTraced,
  type RunningFiber,
  timeLimit
} from "./fiber.js"
import { send } from "./HttpReply.js"
import { ended, Listeners, Subject, spanned } from "./Observation.js"
import type { Arguments, CallError, Operation, Outgoing, Signatory, Source } from "./Operations.js"
import { type Policy, RequestPolicy } from "./RequestPolicy.js"
import * as TransportFault from "./TransportFault.js"

const formHeaders: Readonly<Record<string, string>> = { "content-type": formType }
const unchanged: ReadonlyArray<string> = []

type Failed<E> = CallError | E

/**
 * A call under way. All that it holds or waits for is in its fields, so that it can be ended in one place; and what it
 * holds is of classes, because V8 would make the objects of a literal old once many calls have waited.
 */
class Call<Request, Encoded, Credentials extends Signatory, Response, E, R>
  implements Tried<Response, Failed<E>, never>, Client.Waiter, Bell, Client.Sender
{
  private readonly subject: Subject
  private readonly source: Source<Credentials, E>
  private readonly permits: Client.Permits
  private readonly startedAt: number
  private span: Tracer.Span | undefined
  private encoded: Encoded | undefined
  private readonly attempts: Attempts
  /** What the last attempt was signed with: credentials, and how far our clock was off. */
  private used: Credentials | undefined
  private signedOffset = 0
  /** The offset that the last reply told, where it can be trusted. */
  private toldOffset: number | undefined
  private sentAt = 0
  private stringToSign: string | undefined
  private outgoing: Outgoing | undefined

  before: Client.Waiter | undefined
  after: Client.Waiter | undefined
  waits = false
  private holdsPermit = false
  private exchange: Client.UnderWay | undefined
  private alarm: Alarm | undefined
  /** Whose time limit the fiber is parked under. */
  private limit: "call" | "attempt" = "call"
  private resume: ((effect: Effect.Effect<void, StsTransportError>) => void) | undefined
  private outcome: Client.Outcome | undefined

  constructor(
    private readonly operation: Operation<Request, Encoded, Credentials, Response, E, R>,
    private readonly request: Request,
    private readonly fiber: RunningFiber,
    private readonly context: Context.Context<R>,
    private readonly client: HttpClient.HttpClient,
    private readonly state: Client.HostState,
    private readonly policy: Policy,
    private readonly endpoint: Endpoint
  ) {
    this.subject = new Subject(operation.cloud, operation.name, endpoint.host)
    this.source = operation.source(context)
    this.permits = state.permits(policy.maxConcurrentRequests)
    this.attempts = new Attempts(policy, state.budget)
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

  /** Takes and begins nothing before it is certain that the call will be ended. */
  private toEnd(): Effect.Effect<Response, Failed<E>> {
    return Effect.onExit(retried(this), (exit) => {
      this.end(exit)
      return Effect.void
    })
  }

  /** Every call ends here, whatever it ends with, an interruption included. */
  private end(exit: Exit.Exit<Response, Failed<E>>): void {
    this.giveUp()
    this.release()
    ended(this.fiber, this.subject, this.attempts.made, exit, this.now() - this.startedAt, this.span)
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

  /** Runs foreign code in a fiber of its own, which is interrupted when the time is over. */
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

  /** Called by whoever gives a permit back, who continues first. */
  wake(): void {
    this.holdsPermit = true
    this.unpark(Effect.yieldNow)
  }

  /** What has to happen before another attempt, where one is to be made. */
  beforeNext(error: Failed<E>): Effect.Effect<void, Failed<E>> | undefined {
    this.release()
    const next = this.attempts.next(this.failureOf(error))
    if (next === "give up") return undefined
    if (next === "sign again") return Effect.void
    if (next === "renew") return this.renew(error)
    const random = this.policy.jitter ? Random.next : Effect.succeed(1)
    return Effect.flatMap(random, (part) => this.wait(next(part)))
  }

  private failureOf(error: Failed<E>): Failure {
    if (error instanceof StsApiError) {
      const { clock, renew, retry } = this.operation.remedyOf(error.code, error.status)
      return {
        retry,
        signAgain: isBetter(clock, this.signedOffset, this.toldOffset),
        renew: renew && this.source.invalidate !== undefined,
        retryAfterMillis: error.retryAfterMillis
      }
    }
    if (error instanceof StsResponseError && error.retryable) return { retry: retryOf(error.status) }
    return error instanceof StsTransportError && error.retryable ? { retry: "transient" } : {}
  }

  /** Waits, but not beyond the time of the call. */
  private wait(millis: number): Effect.Effect<void, StsTransportError> {
    const left = this.limited("call")
    return Effect.flatMap(Effect.sleep(Math.min(millis, left)), () =>
      millis < left ? Effect.void : Effect.fail(this.late())
    )
  }

  /** Asks the source for credentials other than those that were refused. */
  private renew(error: Failed<E>): Effect.Effect<void, Failed<E>> {
    const { used } = this
    if (used === undefined) return Effect.fail(error)
    return Effect.flatMap(this.inTime("call", renewed(this.source, used)), (fresh) =>
      fresh === undefined ? Effect.fail(error) : Effect.void
    )
  }

  /** Credentials come first: their source may itself call the service, for which it needs a permit. */
  attempt(): Effect.Effect<Response, Failed<E>> {
    this.attempts.made++
    const { get } = this.source
    const known = Exit.isExit(get) ? (get as Exit.Exit<Credentials, E>) : atHand(get, this.now())
    if (known === undefined) {
      return Effect.flatMap(this.inTime("call", get), (credentials) => this.withCredentials(credentials))
    }
    return known._tag === "Success" ? this.withCredentials(known.value) : Effect.failCause(known.cause)
  }

  private withCredentials(credentials: Credentials): Effect.Effect<Response, Failed<E>> {
    this.used = credentials
    this.holdsPermit = this.permits.take()
    return this.holdsPermit ? this.sign() : this.inLine()
  }

  private inLine(): Effect.Effect<Response, Failed<E>> {
    return Effect.flatMap(
      this.park("call", () => this.permits.enter(this)),
      () => this.sign()
    )
  }

  private release(): void {
    if (!this.holdsPermit) return
    this.holdsPermit = false
    this.permits.release()
  }

  private sign(): Effect.Effect<Response, Failed<E>> {
    this.encoded ??= this.operation.encode(this.request)
    this.sentAt = this.now()
    this.signedOffset = this.state.clockOffset
    const time = this.sentAt + this.signedOffset
    const credentials = this.used as Credentials
    const signing = this.operation.sign(this.context, this.encoded, credentials, this.endpoint, time)
    return Effect.flatMap(signing, (outgoing) => this.send(outgoing))
  }

  private send(outgoing: Outgoing): Effect.Effect<Response, Failed<E>> {
    this.stringToSign = outgoing.stringToSign
    const post = Client.postOf(this.client)
    if (post === undefined) return this.sendByStranger(outgoing)
    this.outgoing = outgoing
    return Effect.flatMap(
      this.park("attempt", () => this.post(post)),
      () => this.received()
    )
  }

  /** The sender alone keeps what is sent, because this call may wait for a long time. */
  private post(post: Client.Post): void {
    const { body, headers } = this.outgoing as Outgoing
    this.outgoing = undefined
    const typed = headers["content-type"] === undefined ? { ...formHeaders, ...headers } : headers
    this.exchange = post(this.endpoint.url, typed, body, this.context as Context.Context<never>, this)
  }

  /** By the exchange. */
  settle(outcome: Client.Outcome): void {
    this.exchange = undefined
    this.outcome = outcome
    this.unpark(Effect.void)
  }

  private received(): Effect.Effect<Response, Failed<E>> {
    const outcome = this.outcome as Client.Outcome
    this.outcome = undefined
    return outcome.kind === "reply"
      ? this.replied(Client.replyOf(outcome), unchanged)
      : Effect.fail(TransportFault.fromOutcome(this.subject, outcome))
  }

  /** Any other client derives the Host header from the URL. */
  private sendByStranger(outgoing: Outgoing): Effect.Effect<Response, Failed<E>> {
    const { host: _, ...headers } = { ...formHeaders, ...outgoing.headers }
    const parts = { method: "POST", url: this.endpoint.url, headers, body: outgoing.body } as const
    const sending = Effect.mapError(send(this.client, parts, this.policy.maxReplyBytes), (failure) =>
      TransportFault.fromClient(this.subject, failure)
    )
    return Effect.flatMap(this.inTime("attempt", sending), ({ changes, reply }) =>
      this.replied(reply, changes)
    )
  }

  private replied(
    reply: Client.Reply,
    changes: ReadonlyArray<string>
  ): Effect.Effect<Response, StsApiError | StsResponseError> {
    this.release()
    const { cloud, decode, name } = this.operation
    const { body, headers, status } = reply
    const { age, date } = headers
    const trip = { sentAt: this.sentAt, receivedAt: this.now(), date, age }
    this.toldOffset = Client.noteTime(this.state, trip, this.policy)
    const secrets = () => secretsIn([this.request, this.used])
    Context.get(this.context, Listeners)[cloud]?.(reply, this.attempts.made, secrets)
    if (isRedirect(status)) {
      return Effect.fail(TransportFault.redirected(this.subject, status, this.endpoint.url, headers, secrets))
    }
    const { stringToSign } = this
    const decoded = decode({ cloud, operation: name, status, headers, body, stringToSign, secrets })
    if (Result.isFailure(decoded)) return Effect.fail(TransportFault.withChanges(decoded.failure, changes))
    this.attempts.succeeded()
    return Effect.succeed(decoded.success)
  }
}

const begin = <Request, Encoded, Credentials extends Signatory, Response, E, R>(
  operation: Operation<Request, Encoded, Credentials, Response, E, R>,
  request: Request,
  fiber: RunningFiber
): Effect.Effect<Response, Failed<E>> => {
  const context = fiber.context as Context.Context<R | HttpClient.HttpClient>
  const policy = Context.get(context, RequestPolicy)
  const client = Context.get(context, HttpClient.HttpClient)
  const state = Client.stateOf(operation.cloud, client, operation.signer(context))
  const settings = operation.settings(context)
  const config = configProviderOf(fiber)
  const known = state.known(client, policy, settings, config, operation.endpoint)
  if (known === undefined) {
    const resolving = state.endpoint(client, policy, settings, config, operation.endpoint)
    return resolved(operation, request, fiber, client, state, policy, resolving)
  }
  return new Call(operation, request, fiber, context, client, state.host(known.host), policy, known).run()
}

/** The first call under a policy and a configuration. It is apart from the others, so that they make no closure. */
const resolved = <Request, Encoded, Credentials extends Signatory, Response, E, R>(
  operation: Operation<Request, Encoded, Credentials, Response, E, R>,
  request: Request,
  fiber: RunningFiber,
  client: HttpClient.HttpClient,
  state: Client.CloudState,
  policy: Policy,
  resolving: Effect.Effect<Endpoint, StsConfigError>
): Effect.Effect<Response, Failed<E>> =>
  Effect.flatMap(resolving, (endpoint) => {
    const context = fiber.context as Context.Context<R>
    const host = state.host(endpoint.host)
    return new Call(operation, request, fiber, context, client, host, policy, endpoint).run()
  })

/** The function that calls an operation. A request that breaks its rules fails before there is a call. */
export const calling =
  <Input, Request, Encoded, Credentials extends Signatory, Response, E, R>(
    checks: Pick<Checks<Request, Input>, "validate">,
    operation: Operation<Request, Encoded, Credentials, Response, E, R>
  ) =>
  (
    ...[input = {} as Input]: Arguments<Request, Input>
  ): Effect.Effect<Response, StsValidationError | CallError | E, R | HttpClient.HttpClient> => {
    const request = checks.validate(input)
    if (Result.isFailure(request)) return Effect.fail(request.failure)
    return Effect.withFiber((fiber) => {
      const cooperate = cooperationNow()
      return cooperate === undefined
        ? begin(operation, request.success, fiber)
        : cooperate(Effect.withFiber((inside) => begin(operation, request.success, inside)))
    })
  }
