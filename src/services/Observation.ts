/**
 * What a call reports about itself, by OpenTelemetry's names for RPC: one span, where a tracer is installed, metrics,
 * and its reply to those who ask. It contains no secret. docs/observability.md has the names.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import { scrubber } from "../protocol/scrub.js"
import type { Cloud } from "../schemas/StsError.js"
import type { Reply } from "./Client.js"
import type { Endpoint } from "./Endpoint.js"
import {
  type Counter,
  counter,
  type Histogram,
  histogram,
  type RunningFiber,
  record,
  withClientSpan
} from "./fiber.js"
import { secretHeaders } from "./HttpRequest.js"

const systems: Readonly<Record<Cloud, string>> = { alibaba: "alibaba-cloud-api", aws: "aws-api" }

/** Which operation a span or a series is about. */
export const operationAttributes = (cloud: Cloud, operation: string) => ({
  "rpc.system": systems[cloud],
  "rpc.service": "STS",
  "rpc.method": operation
})

const requestIds: Readonly<Record<Cloud, string>> = {
  alibaba: "alibaba_cloud.request_id",
  aws: "aws.request_id"
}

/** The attribute that holds the service's request id. */
export const requestIdAttribute = (cloud: Cloud): string => requestIds[cloud]

/** Where a request goes. */
export const serverAttributes = (url: string) => {
  const { hostname, port, protocol } = new URL(url)
  return {
    "server.address": hostname.replace(/^\[|\]$/g, ""),
    "server.port": port === "" ? (protocol === "http:" ? 80 : 443) : Number(port)
  }
}

const providers: Readonly<Record<Cloud, string>> = { alibaba: "alibaba_cloud", aws: "aws" }

/** Whose credentials a span or a series is about. */
export const providerAttributes = (cloud: Cloud) => ({ "cloud.provider": providers[cloud] })

/** The bounds, in seconds, that are advised for the duration of calls. */
const durationBounds: ReadonlyArray<number> = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
]

interface Branch<M> {
  series?: M
  readonly next: Map<string, Branch<M>>
}

/**
 * Makes each series once. It is looked up by one tag after the other, because every call looks and would have to build
 * a key of them all.
 */
const kept = <Arguments extends ReadonlyArray<string>, M>(make: (...tags: Arguments) => M) => {
  const root: Branch<M> = { next: new Map() }
  return (...tags: Arguments): M => {
    let branch = root
    for (const tag of tags) {
      const known = branch.next.get(tag)
      const next = known ?? { next: new Map() }
      if (known === undefined) branch.next.set(tag, next)
      branch = next
    }
    branch.series ??= make(...tags)
    return branch.series
  }
}

/**
 * Seconds from a call's start to its end, retries and waits included: the histogram `rpc.client.call.duration`, with
 * `rpc.system`, `rpc.service` and `rpc.method`. A call that failed has `error.type` too: the category of a refusal, the
 * tag of any other error, or `interrupted`; an empty `errorType` means that the call succeeded.
 *
 * @category metrics
 * @since 0.1.0
 */
export const duration: (cloud: Cloud, operation: string, errorType: string) => Histogram =
  /* @__PURE__ */ kept((cloud: Cloud, operation, errorType) =>
    histogram(
      "rpc.client.call.duration",
      "Duration of STS calls, retries and waits included",
      durationBounds,
      {
        unit: "s",
        ...operationAttributes(cloud, operation),
        ...(errorType === "" ? undefined : { "error.type": errorType })
      }
    )
  )

/**
 * Attempts beyond the first: the counter `effect_sts.call.retries`, with `rpc.system`, `rpc.service` and `rpc.method`.
 *
 * @category metrics
 * @since 0.1.0
 */
export const retries: (cloud: Cloud, operation: string) => Counter = /* @__PURE__ */ kept(
  (cloud: Cloud, operation) =>
    counter("effect_sts.call.retries", "Attempts of STS calls beyond the first", {
      unit: "{retry}",
      ...operationAttributes(cloud, operation)
    })
)

/**
 * What came of asking a credential source: new credentials, the old ones kept because it failed, or an error.
 *
 * @category models
 * @since 0.1.0
 */
export type RefreshOutcome = "refreshed" | "kept" | "failed"

/**
 * How often a credential source behind the cache was asked: the counter `effect_sts.credential.refreshes`, with
 * `cloud.provider` and `effect_sts.outcome` (`refreshed`, `kept`, `failed`).
 *
 * @category metrics
 * @since 0.1.0
 */
export const refreshes: (cloud: Cloud, outcome: RefreshOutcome) => Counter = /* @__PURE__ */ kept(
  (cloud: Cloud, outcome: RefreshOutcome) =>
    counter("effect_sts.credential.refreshes", "Times that a credential source was asked", {
      unit: "{refresh}",
      ...providerAttributes(cloud),
      "effect_sts.outcome": outcome
    })
)

/**
 * What came of asking the fleet's cache: credentials that lay in Redis (`hit`), or that another process got while this
 * one waited (`wait`); new ones by this process (`renewal`), and in addition, where another was granted the lease
 * meanwhile, `lease_lost`; or none of these, because Redis could not be used (`bypass`).
 *
 * @category models
 * @since 4.0.0
 */
export type FleetOutcome = "hit" | "wait" | "renewal" | "lease_lost" | "bypass"

/**
 * What came of asking the fleet's cache: `effect_sts.fleet.reads`, with the cloud's `cloud.provider` and
 * `effect_sts.outcome` (`hit`, `wait`, `renewal`, `lease_lost`, `bypass`).
 *
 * @category metrics
 * @since 4.0.0
 */
export const fleet: (cloud: Cloud, outcome: FleetOutcome) => Counter = /* @__PURE__ */ kept(
  (cloud: Cloud, outcome: FleetOutcome) =>
    counter("effect_sts.fleet.reads", "What came of asking the fleet's cache", {
      unit: "{read}",
      ...providerAttributes(cloud),
      "effect_sts.outcome": outcome
    })
)

/** The call that is watched. */
export class Subject {
  constructor(
    readonly cloud: Cloud,
    readonly operation: string,
    readonly host: string
  ) {}
}

const property = (value: unknown, name: string): string | undefined => {
  if (typeof value !== "object" || value === null || !(name in value)) return undefined
  const found = (value as Record<string, unknown>)[name]
  return typeof found === "string" ? found : undefined
}

/** Runs a call under one span named after service and operation. */
export const spanned = <A, E, R>(
  { cloud, operation }: Subject,
  { region, url }: Endpoint,
  use: (span: Tracer.Span) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const attributes = {
    ...operationAttributes(cloud, operation),
    ...serverAttributes(url),
    ...(region === undefined ? undefined : { "cloud.region": region })
  }
  return withClientSpan(`STS.${operation}`, attributes, use)
}

/** Counts a call that has ended after so many attempts and milliseconds, and completes its span. */
export const ended = (
  fiber: RunningFiber,
  { cloud, operation }: Subject,
  attempts: number,
  exit: Exit.Exit<unknown, unknown>,
  millis: number,
  span: Tracer.Span | undefined
): void => {
  const failed = exit._tag === "Failure"
  const result = failed ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : exit.value
  const tag = failed ? (property(result, "_tag") ?? "interrupted") : ""
  const kind = failed ? (property(result, "category") ?? tag) : tag
  record(duration(cloud, operation, kind), millis / 1_000, fiber)
  if (attempts > 1) record(retries(cloud, operation), attempts - 1, fiber)
  if (span === undefined) return
  span.attribute("effect_sts.attempts", attempts)
  const requestId = property(result, "requestId")
  if (requestId !== undefined) span.attribute(requestIdAttribute(cloud), requestId)
  if (failed) span.attribute("error.type", property(result, "code") ?? tag)
}

/**
 * What a service's reply says besides the document in its body.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReplyMetadata {
  /** The HTTP status; 0 where no call was made. */
  readonly status: number
  /**
   * Names in lower case. Secrets of the request that the reply echoes are taken out, and headers that are secrets
   * themselves, such as `set-cookie`, print as redacted.
   */
  readonly headers: Readonly<Record<string, string>>
  /** The service's own id of the request, as its headers tell it. */
  readonly requestId: string | undefined
  /** How many requests the call took, this reply's included. */
  readonly attempts: number
}

/**
 * A response and the reply that it was read from.
 *
 * @category models
 * @since 0.1.0
 */
export interface WithReply<A> {
  /** The response of the operation. */
  readonly response: A
  /** What came with it. */
  readonly reply: ReplyMetadata
}

/** A listener for a cloud's replies. */
export type Listener = (reply: Reply, attempts: number, secrets: () => ReadonlyArray<string>) => void

/** The listeners around a call. */
export const Listeners = Context.Reference("effect-sts/ReplyListeners", {
  defaultValue: (): { readonly [_ in Cloud]?: Listener } => ({})
})

const requestIdNames: Record<Cloud, ReadonlyArray<string>> = {
  alibaba: ["x-acs-request-id"],
  aws: ["x-amzn-requestid", "x-amz-request-id"]
}

const none: ReplyMetadata = {
  status: 0,
  headers: /* @__PURE__ */ secretHeaders(),
  requestId: undefined,
  attempts: 0
}

const metadataOf = (
  cloud: Cloud,
  { headers, status }: Reply,
  attempts: number,
  secrets: ReadonlyArray<string>
): ReplyMetadata => {
  const scrub = scrubber(() => secrets)
  const shown = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, scrub(String(value))])
  )
  const name = requestIdNames[cloud].find((one) => shown[one] !== undefined)
  return {
    status,
    headers: secretHeaders(shown),
    requestId: name === undefined ? undefined : shown[name],
    attempts
  }
}

const statedIn = (response: unknown): string | undefined => {
  if (typeof response !== "object" || response === null || !("requestId" in response)) return undefined
  return typeof response.requestId === "string" ? response.requestId : undefined
}

/**
 * Runs an operation, or anything that calls some, and returns the cloud's last reply with its result.
 *
 * @category constructors
 * @since 0.1.0
 */
export const withReply =
  (cloud: Cloud) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<WithReply<A>, E, R> =>
    Effect.flatMap(Listeners, (others) => {
      let last: (() => ReplyMetadata) | undefined
      const listener: Listener = (reply, attempts, secrets) => {
        last = () => metadataOf(cloud, reply, attempts, secrets())
        others[cloud]?.(reply, attempts, secrets)
      }
      return Effect.map(
        Effect.provideService(effect, Listeners, { ...others, [cloud]: listener }),
        (response) => {
          if (last === undefined) return { response, reply: none }
          const metadata = last()
          return { response, reply: { ...metadata, requestId: statedIn(response) ?? metadata.requestId } }
        }
      )
    })
