/**
 * How a request is made: one way for every operation of every cloud.
 *
 * @since 0.1.0
 */

import type * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
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
import * as ClientState from "./ClientState.js"
import { sameCredentials } from "./CredentialSource.js"
import { configProviderOf } from "./configProvider.js"
import type { Endpoint } from "./Endpoint.js"
import { clockOf, cooperating } from "./fiber.js"
import { type Observation, observed } from "./Observation.js"
import type * as Reply from "./Reply.js"
import { type Policy, RequestPolicy } from "./RequestPolicy.js"
import { formType } from "./SecretRequest.js"
import { type Answer, send } from "./send.js"
import * as TransportFault from "./TransportFault.js"
import { timeLimit } from "./timeLimit.js"
import { type Listener, Listeners } from "./withReply.js"

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

/**
 * How requests prove who sends them.
 *
 * @category models
 * @since 0.1.0
 */
export interface Proof<Credentials, E> {
  /** Asked before each attempt, and before the permit: a source may itself call the service. */
  readonly credentials: Effect.Effect<Credentials, E>
  /** Says that the service refused them; absent where their source can get no others. */
  readonly invalidate?: ((credentials: Credentials) => Effect.Effect<void>) | undefined
  /** A new timestamp, nonce and signature. `time` is the service's, in milliseconds since 1970. */
  readonly sign: (credentials: Credentials, endpoint: Endpoint, time: number) => Effect.Effect<Outgoing, E>
}

/**
 * One call, with what sets its operation and cloud apart from the others.
 *
 * @category models
 * @since 0.1.0
 */
export interface Call<Credentials, Response, E, R> {
  readonly cloud: Cloud
  readonly operation: string
  readonly endpoint: (policy: Policy) => Effect.Effect<Endpoint, StsConfigError>
  /** What the endpoint depends on beside policy and configuration, as one object; the same one for the same endpoint. */
  readonly settings?: ((context: Context.Context<never>) => object) | undefined
  /** What signs in a context, if anything does. Layers make one each time that they are built. */
  readonly signer: (context: Context.Context<never>) => object | undefined
  /** Takes what it needs from the context, once. */
  readonly proof: (context: Context.Context<R>) => Proof<Credentials, E>
  /** Whether a refusal that does not say so may still come from a wrong clock. */
  readonly maybeClockSkew: (error: StsApiError) => boolean
  /** Whether a refusal says that the credentials are expired or unknown, so that others may be accepted. */
  readonly rejectsCredentials: (error: StsApiError) => boolean
  /** What must not be shown of a reply. */
  readonly secrets: (credentials: Credentials) => ReadonlyArray<string>
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

class Running<Credentials, Response, E> {
  private readonly where: TransportFault.Where
  /** The offset that the last attempt was signed with. */
  private signedOffset = 0
  /** The offset that the last reply told, where it can be trusted. */
  private measuredOffset: number | undefined
  /** What the last attempt was signed with. */
  private used: { readonly credentials: Credentials } | undefined
  private renewed = false

  constructor(
    private readonly call: Pick<
      Call<Credentials, Response, E, never>,
      "cloud" | "operation" | "maybeClockSkew" | "rejectsCredentials" | "secrets" | "decode"
    >,
    private readonly proof: Proof<Credentials, E>,
    private readonly client: HttpClient.HttpClient,
    private readonly state: ClientState.HostState,
    private readonly policy: Policy,
    private readonly endpoint: Endpoint,
    private readonly clock: Clock.Clock,
    private readonly observation: Observation,
    private readonly listener: Listener | undefined
  ) {
    this.where = { cloud: call.cloud, operation: call.operation, host: endpoint.host }
  }

  /** Tries until an attempt succeeds or may not be repeated. `spent` is what the last retry took from the budget. */
  try(spent: number, resigned: boolean): Effect.Effect<Response, AttemptError<E>> {
    return Effect.matchEffect(this.attempt(), {
      onSuccess: (response) => {
        this.state.budget.putBack(spent)
        return Effect.succeed(response)
      },
      onFailure: (error) => this.afterFailure(error, spent, resigned)
    })
  }

  private afterFailure(
    error: AttemptError<E>,
    spent: number,
    resigned: boolean
  ): Effect.Effect<Response, AttemptError<E>> {
    const offset = resigned ? undefined : this.betterOffset(error)
    if (offset !== undefined && this.mayTry()) return this.try(spent, true)
    if (this.mayRenew(error)) return this.renew(error, spent, resigned)
    const kind = retryKind(error)
    if (kind === undefined || !this.mayTry()) return Effect.fail(error)
    const taken = this.state.budget.take(kind)
    if (taken === 0) return Effect.fail(error)
    return Effect.flatMap(this.delay(kind, retryAfter(error)), (millis) =>
      Effect.andThen(Effect.sleep(millis), this.try(taken, resigned))
    )
  }

  /** Whether the policy allows another attempt; the one with renewed credentials comes on top. */
  private mayTry(): boolean {
    return this.observation.attempts - Number(this.renewed) < this.policy.maxAttempts
  }

  private mayRenew(error: unknown): error is StsApiError {
    return (
      !this.renewed &&
      this.proof.invalidate !== undefined &&
      error instanceof StsApiError &&
      this.call.rejectsCredentials(error)
    )
  }

  /** Tries once more if the source has others than those that were refused. */
  private renew(
    error: StsApiError,
    spent: number,
    resigned: boolean
  ): Effect.Effect<Response, AttemptError<E>> {
    this.renewed = true
    const { credentials, invalidate } = this.proof
    const refused = this.used
    if (refused === undefined || invalidate === undefined) return Effect.fail(error)
    return Effect.flatMap(Effect.andThen(invalidate(refused.credentials), credentials), (fresh) =>
      sameCredentials(fresh, refused.credentials) ? Effect.fail(error) : this.try(spent, resigned)
    )
  }

  private delay(kind: RetryKind, retryAfterMillis: number | undefined): Effect.Effect<number> {
    const { backoff, jitter, maxBackoff, throttledBackoff } = this.policy
    const bounds = { baseMillis: backoff, throttledBaseMillis: throttledBackoff, maxMillis: maxBackoff }
    const earlier = this.observation.attempts - 1
    const after = (random: number) => delayMillis(bounds, kind, earlier, random, retryAfterMillis)
    return jitter ? Effect.map(Random.next, after) : Effect.succeed(after(1))
  }

  private attempt(): Effect.Effect<Response, AttemptError<E>> {
    this.observation.attempts++
    const permits = this.state.permits(this.policy.maxConcurrentRequests)
    return Effect.flatMap(this.proof.credentials, (credentials) => {
      this.used = { credentials }
      return permits.withPermit(Effect.suspend(() => this.exchange(credentials)))
    })
  }

  private exchange(credentials: Credentials): Effect.Effect<Response, AttemptError<E>> {
    const sentAt = this.clock.currentTimeMillisUnsafe()
    this.signedOffset = this.state.clockOffset
    const time = sentAt + this.signedOffset
    return Effect.flatMap(this.proof.sign(credentials, this.endpoint, time), (outgoing) =>
      Effect.flatMap(this.bounded(this.send(outgoing)), ({ changes, reply }) => {
        this.measureTime(reply, sentAt)
        const { status } = reply
        const secrets = () => this.call.secrets(credentials)
        this.listener?.(reply, this.observation.attempts, secrets)
        if (status >= 300 && status < 400) return Effect.fail(this.redirected(reply, secrets))
        const decoded = this.call.decode({
          cloud: this.call.cloud,
          operation: this.call.operation,
          status,
          headers: reply.headers,
          body: reply.body,
          stringToSign: outgoing.stringToSign,
          secrets
        })
        return changes.length === 0
          ? Effect.fromResult(decoded)
          : Effect.fromResult(Result.mapError(decoded, (error) => TransportFault.withChanges(error, changes)))
      })
    )
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
    return TransportFault.redirected(this.where, status, to)
  }

  private send({ body, headers }: Outgoing): Effect.Effect<Answer, StsTransportError | StsResponseError> {
    const { url } = this.endpoint
    const parts = { method: "POST", url, headers: { "content-type": formType, ...headers }, body } as const
    return Effect.catch(send(this.client, parts, this.policy.maxReplyBytes), (failure) =>
      Effect.fail(TransportFault.fromClient(this.where, failure))
    )
  }

  private bounded<A, E1>(effect: Effect.Effect<A, E1>): Effect.Effect<A, E1 | StsTransportError> {
    const millis = this.policy.attemptTimeout
    return millis === undefined
      ? effect
      : timeLimit(effect, millis, () => TransportFault.timedOut(this.where, millis, "attempt"))
  }

  /** What to sign with instead, where an attempt was refused for its time. */
  private betterOffset(error: unknown): number | undefined {
    const offset = this.measuredOffset
    if (offset === undefined || !(error instanceof StsApiError)) return undefined
    const differs = Math.abs(offset - this.signedOffset) >= noticeableOffsetMillis
    const blamed = error.category === "clock-skew" || (differs && this.call.maybeClockSkew(error))
    return blamed ? offset : undefined
  }

  private measureTime({ headers }: Reply.Reply, sentAt: number): void {
    if (!this.policy.correctClockSkew) return
    const trip = {
      sentAt,
      receivedAt: this.clock.currentTimeMillisUnsafe(),
      date: headers["date"],
      age: headers["age"]
    }
    const offset = offsetMillis(trip, this.policy.maxClockSkewRoundTrip)
    this.measuredOffset = offset
    if (offset !== undefined) this.state.clockOffset = offset
  }
}

/**
 * Makes a call: credentials, a permit, a signature, the exchange, the reply, and what may be repeated again.
 *
 * @category constructors
 * @since 0.1.0
 */
export const run = <Credentials, Response, E, R>(
  call: Call<Credentials, Response, E, R>
): Effect.Effect<Response, CallError | E, R | HttpClient.HttpClient> =>
  cooperating(
    Effect.withFiber((fiber) => {
      const context = fiber.context as Context.Context<R | HttpClient.HttpClient>
      const policy = Context.get(context, RequestPolicy)
      const config = configProviderOf(fiber)
      const clock = clockOf(fiber)
      const client = Context.get(context, HttpClient.HttpClient)
      const state = ClientState.of(call.cloud, client, call.signer(context))
      const proof = call.proof(context as Context.Context<R>)
      const settings = call.settings?.(context) ?? policy
      const listener = Context.get(context, Listeners)[call.cloud]
      return Effect.flatMap(state.endpoint(client, policy, settings, config, call.endpoint), (endpoint) => {
        const where = { cloud: call.cloud, operation: call.operation, host: endpoint.host }
        return observed({ ...where, region: endpoint.region }, clock, (observation) =>
          timeLimit(
            new Running(
              call,
              proof,
              client,
              state.host(endpoint.host),
              policy,
              endpoint,
              clock,
              observation,
              listener
            ).try(0, false),
            policy.timeout,
            () => TransportFault.timedOut(where, policy.timeout, "call")
          )
        )
      })
    })
  )
