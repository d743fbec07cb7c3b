/**
 * Everything that can be adjusted about how requests are made.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type { Network } from "../protocol/alibaba/endpoint.js"
import { StsConfigError } from "../schemas/StsError.js"

/**
 * The endpoint of Alibaba Cloud STS. What is missing is read from `ALIBABA_CLOUD_STS_ENDPOINT`,
 * `ALIBABA_CLOUD_STS_REGION` and `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED`; without those, the global host is called.
 *
 * @category models
 * @since 0.1.0
 */
export interface AlibabaEndpoint {
  /** A URL or a bare host name; wins over `region` and `network`. */
  readonly endpoint?: string | undefined
  /** For example `eu-central-1`. */
  readonly region?: string | undefined
  /** `vpc` for hosts that can be reached only from within Alibaba Cloud. Default: `public`. */
  readonly network?: Network | undefined
}

/**
 * The endpoint of AWS STS. What is missing is read from `AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL`, `AWS_REGION`,
 * `AWS_DEFAULT_REGION`, `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT` and `AWS_STS_REGIONAL_ENDPOINTS`.
 *
 * @category models
 * @since 0.1.0
 */
export interface AwsEndpoint {
  /** A URL or a bare host name. Requests are still signed for the region. */
  readonly endpoint?: string | undefined
  /** For example `eu-central-1`. */
  readonly region?: string | undefined
  /** Whether to use endpoints with FIPS 140 cryptography. Default: `AWS_USE_FIPS_ENDPOINT`, else false. */
  readonly useFips?: boolean | undefined
  /** Whether to use endpoints with IPv6. Default: `AWS_USE_DUALSTACK_ENDPOINT`, else false. */
  readonly useDualStack?: boolean | undefined
  /** Whether calls to older regions go to `sts.amazonaws.com`. Default: false, each region has its own host. */
  readonly useGlobalEndpoint?: boolean | undefined
}

/**
 * What can be adjusted; see each field for its default.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** For the whole call: waiting for a permit, every attempt and every wait between them. Default: 30 seconds. */
  readonly timeout?: Duration.Input | undefined
  /** For one attempt; one that takes longer is repeated. Default: only the whole call's limit. */
  readonly attemptTimeout?: Duration.Input | undefined
  /** For opening a connection, in this package's own HTTP clients. Default: 10 seconds. */
  readonly connectTimeout?: Duration.Input | undefined
  /**
   * Requests under way at once, to each host of a cloud and for each layer that makes HTTP clients. At least 1;
   * default: 10.
   */
  readonly maxConcurrentRequests?: number | undefined
  /**
   * Attempts in all, the first included. At least 1; default: 3. One more is made where the service refuses the
   * credentials and their source has newer ones.
   */
  readonly maxAttempts?: number | undefined
  /** The first wait, doubled each time. Default: 50 milliseconds. */
  readonly backoff?: Duration.Input | undefined
  /** The first wait after throttling, doubled each time. Default: 1 second. */
  readonly throttledBackoff?: Duration.Input | undefined
  /** The longest wait. Default: 20 seconds. */
  readonly maxBackoff?: Duration.Input | undefined
  /** Whether each wait is a random part of its bound (full jitter). Default: true. */
  readonly jitter?: boolean | undefined
  /** Bytes that a reply may have. At least 1; default: 1 MiB. */
  readonly maxReplyBytes?: number | undefined
  /** Whether to correct for a clock that the service calls wrong. Default: true. */
  readonly correctClockSkew?: boolean | undefined
  /** Slower replies do not correct the clock. 5 minutes. */
  readonly maxClockSkewRoundTrip?: Duration.Input | undefined
  /**
   * Whether plain `http:` may leave this machine. Default: `EFFECT_STS_ALLOW_HTTP`, else false: only loopback hosts are
   * reached without TLS.
   */
  readonly allowHttp?: boolean | undefined
  /** The endpoint of Alibaba Cloud STS. */
  readonly alibaba?: AlibabaEndpoint | undefined
  /** The endpoint of AWS STS. */
  readonly aws?: AwsEndpoint | undefined
}

/**
 * A checked policy, durations in milliseconds.
 *
 * @category models
 * @since 0.1.0
 */
export interface Policy {
  /** For the whole call, in milliseconds. */
  readonly timeout: number
  /** For one attempt, in milliseconds; none but the whole call's where undefined. */
  readonly attemptTimeout: number | undefined
  /** For opening a connection, in milliseconds. */
  readonly connectTimeout: number
  /** Requests under way at once to each host; at least 1. */
  readonly maxConcurrentRequests: number
  /** Attempts in all, the first included; at least 1. */
  readonly maxAttempts: number
  /** The first wait, in milliseconds, doubled each time. */
  readonly backoff: number
  /** The first wait after throttling, in milliseconds, doubled each time. */
  readonly throttledBackoff: number
  /** The longest wait, in milliseconds. */
  readonly maxBackoff: number
  /** Whether each wait is a random part of its bound. */
  readonly jitter: boolean
  /** Bytes that a reply may have; at least 1. */
  readonly maxReplyBytes: number
  /** Whether to correct for a clock that the service calls wrong. */
  readonly correctClockSkew: boolean
  /** Slower replies do not correct the clock; in milliseconds. */
  readonly maxClockSkewRoundTrip: number
  /** Whether plain `http:` may leave this machine; what the environment says where undefined. */
  readonly allowHttp: boolean | undefined
  /** The endpoint of Alibaba Cloud STS, as far as it is configured. */
  readonly alibaba: AlibabaEndpoint
  /** The endpoint of AWS STS, as far as it is configured. */
  readonly aws: AwsEndpoint
}

/** The default policy. */
export const defaults: Policy = {
  timeout: 30_000,
  attemptTimeout: undefined,
  connectTimeout: 10_000,
  maxConcurrentRequests: 10,
  maxAttempts: 3,
  backoff: 50,
  throttledBackoff: 1_000,
  maxBackoff: 20_000,
  jitter: true,
  maxReplyBytes: 1024 * 1024,
  correctClockSkew: true,
  maxClockSkewRoundTrip: 5 * 60_000,
  allowHttp: undefined,
  alibaba: {},
  aws: {}
}

const counts = ["maxConcurrentRequests", "maxAttempts", "maxReplyBytes"] as const
const waits = ["backoff", "throttledBackoff", "maxBackoff"] as const
const limits = ["timeout", "attemptTimeout", "connectTimeout", "maxClockSkewRoundTrip"] as const

const wrong = (key: string, detail: string) =>
  Result.fail(new StsConfigError({ key: `RequestPolicy.${key}`, detail }))

const stated = (options: Options): Partial<Options> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

/**
 * A policy with the given settings over a base. A count below 1, a limit that is not above zero or a wait that is
 * negative is a `StsConfigError` that names it.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options, base: Policy = defaults): Result.Result<Policy, StsConfigError> => {
  const given = stated(options)
  const durations: Record<string, number> = {}
  for (const key of [...limits, ...waits]) {
    const input = given[key]
    if (input === undefined) continue
    const duration = Duration.fromInput(input)
    if (duration._tag === "None") return wrong(key, "is not a duration")
    durations[key] = Duration.toMillis(duration.value)
  }
  for (const key of limits) {
    if (durations[key] !== undefined && durations[key] <= 0) return wrong(key, "must be longer than zero")
  }
  const policy: Policy = {
    ...base,
    ...(given as Policy),
    ...durations,
    alibaba: { ...base.alibaba, ...given.alibaba },
    aws: { ...base.aws, ...given.aws }
  }
  for (const key of counts) {
    if (!(Number.isInteger(policy[key]) && policy[key] >= 1)) {
      return wrong(key, `must be a whole number of at least 1, not ${String(policy[key])}`)
    }
  }
  return Result.succeed(policy)
}

/**
 * The policy of whatever runs in its context. It need not be provided, and can be replaced: for a program with
 * {@link layer}, for a part of one with {@link adjust}.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Alibaba, RequestPolicy } from "effect-sts"
 *
 * const impatient = Alibaba.getCallerIdentity().pipe(
 *   RequestPolicy.adjust({ timeout: "3 seconds", maxAttempts: 1, alibaba: { region: "eu-central-1" } })
 * )
 * ```
 *
 * @category tags
 * @since 0.1.0
 */
export class RequestPolicy extends Context.Reference("effect-sts/RequestPolicy", {
  defaultValue: () => defaults
}) {
  /** The policy with these settings, as a layer. */
  static layer(options: Options): Layer.Layer<never, StsConfigError> {
    return Layer.effectContext(
      Effect.map(
        Effect.flatMap(RequestPolicy, (base) => Effect.fromResult(make(options, base))),
        (policy) => Context.make(RequestPolicy, policy) as Context.Context<never>
      )
    )
  }

  /** Runs an effect under the policy around it with these settings changed. */
  static adjust(
    options: Options
  ): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | StsConfigError, R> {
    return (effect) =>
      Effect.flatMap(RequestPolicy, (base) =>
        Effect.flatMap(Effect.fromResult(make(options, base)), (policy) =>
          Effect.provideService(effect, RequestPolicy, policy)
        )
      )
  }
}

const least = { timeout: 10_000, attemptTimeout: 5_000, maxAttempts: defaults.maxAttempts }

const widened = (policy: Policy): Policy => {
  const { attemptTimeout, maxAttempts, timeout } = policy
  const short = attemptTimeout !== undefined && attemptTimeout < least.attemptTimeout
  if (timeout >= least.timeout && maxAttempts >= least.maxAttempts && !short) return policy
  return {
    ...policy,
    timeout: Math.max(timeout, least.timeout),
    attemptTimeout: short ? least.attemptTimeout : attemptTimeout,
    maxAttempts: Math.max(maxAttempts, least.maxAttempts)
  }
}

/**
 * Runs an effect that many wait for under the policy around it, but with limits no tighter than these: 10 seconds, 5
 * for an attempt, 3 attempts. A caller with a shorter timeout stops waiting, without failing it for the others.
 */
export const withFlightPolicy = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(RequestPolicy, (policy) => Effect.provideService(effect, RequestPolicy, widened(policy)))
