/**
 * Sources asked one after the other.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { type Cloud, type CredentialAttempt, StsCredentialError } from "../schemas/StsError.js"
import type { CredentialSource, SourceError } from "../services/CredentialSource.js"
import { timeLimit } from "../services/fiber.js"

/**
 * What can be set.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /**
   * How long the sources may take together, each time they are asked. When it is over the error is `Unavailable` and
   * tells which source was being asked. No bound beside the sources' own where left out.
   */
  readonly timeout?: Duration.Input | undefined
}

/**
 * What came of asking sources in turn.
 *
 * @category models
 * @since 0.1.0
 */
export interface Trace<Credentials> {
  /** The sources that were asked in vain, in order; one that ended the search with its error is the last. */
  readonly attempts: ReadonlyArray<CredentialAttempt>
  /** The source that gave credentials. */
  readonly chosen: string | undefined
  readonly outcome: Result.Result<Credentials, SourceError>
}

type GoesOn = (error: SourceError) => boolean

/** A source as a chain asks it. */
interface Asked<Credentials> extends CredentialSource<Credentials> {
  /** Whether what it gave before is still valid in spite of an error, so that nobody else is asked. */
  readonly holds?: ((error: SourceError) => Effect.Effect<boolean>) | undefined
}

const isNotConfigured = (error: SourceError): error is StsCredentialError =>
  error instanceof StsCredentialError && error.reason === "NotConfigured"

const attemptsOf = (source: string, error: SourceError): ReadonlyArray<CredentialAttempt> => {
  if (error._tag === "StsConfigError") {
    const { file, hint, line, message } = error
    return [{ source, reason: "Malformed", detail: message, file, line, hint }]
  }
  const { attempts, detail, file, hint, line, reason } = error
  // A chain's error is told by its sources' ones; that of a role, which tells of its base's too, is its own, as is that
  // of a source that ended a chain's search.
  const isChains = attempts?.some((attempt) => attempt.reason === reason) === true
  return isChains ? attempts : [{ source: error.source, reason, detail, file, line, hint }]
}

/** What was looked at before the source that ended the search, told with its error. */
const after = (earlier: ReadonlyArray<CredentialAttempt>, error: SourceError): SourceError =>
  error instanceof StsCredentialError && earlier.length > 0
    ? new StsCredentialError({ ...error, attempts: [...earlier, ...(error.attempts ?? [])] })
    : error

const ask = <Credentials>(
  cloud: Cloud,
  name: string,
  sources: ReadonlyArray<Asked<Credentials>>,
  goesOn: GoesOn,
  /** Told of each source before it is asked. */
  asking: (source: string, earlier: ReadonlyArray<CredentialAttempt>) => void = () => undefined
): Effect.Effect<Trace<Credentials>> => {
  const from = (
    index: number,
    attempts: ReadonlyArray<CredentialAttempt>
  ): Effect.Effect<Trace<Credentials>> => {
    const source = sources[index]
    if (source === undefined) {
      const outcome = Result.fail(noneLeft(cloud, name, attempts))
      return Effect.succeed({ attempts, chosen: undefined, outcome })
    }
    asking(source.name, attempts)
    return Effect.gen(function* () {
      const outcome = yield* Effect.result(source.get)
      if (Result.isSuccess(outcome)) return { attempts, chosen: source.name, outcome }
      const error = outcome.failure
      const all = attempts.concat(attemptsOf(source.name, error))
      const ends = !goesOn(error) || (yield* source.holds?.(error) ?? Effect.succeed(false))
      return ends
        ? { attempts: all, chosen: undefined, outcome: Result.fail(after(attempts, error)) }
        : yield* from(index + 1, all)
    })
  }
  return Effect.suspend(() => from(0, []))
}

const noneLeft = (
  cloud: Cloud,
  source: string,
  attempts: ReadonlyArray<CredentialAttempt>
): StsCredentialError => {
  const broken = attempts.find(({ reason }) => reason !== "NotConfigured")
  return new StsCredentialError({
    cloud,
    source,
    reason: broken?.reason ?? "NotConfigured",
    detail: broken === undefined ? "no source is configured" : "no source has credentials",
    attempts,
    hint: broken === undefined ? "Configure one of them." : "Repair one of them."
  })
}

/** The same, within a time. */
const askInTime = <Credentials>(
  cloud: Cloud,
  name: string,
  sources: ReadonlyArray<Asked<Credentials>>,
  goesOn: GoesOn,
  timeout: Duration.Input
): Effect.Effect<Credentials, SourceError> => {
  const millis = Duration.toMillis(timeout)
  return Effect.suspend(() => {
    let attempts: ReadonlyArray<CredentialAttempt> = []
    const asked = ask(cloud, name, sources, goesOn, (source, earlier) => {
      const detail = "it did not answer within the chain's time limit"
      attempts = [...earlier, { source, reason: "Unavailable", detail }]
    })
    const tooSlow = () =>
      new StsCredentialError({
        cloud,
        source: name,
        reason: "Unavailable",
        detail: `its sources gave no credentials in ${millis} ms`,
        attempts
      })
    return timeLimit(
      Effect.flatMap(asked, ({ outcome }) => Effect.fromResult(outcome)),
      millis,
      tooSlow
    )
  })
}

const endOf = (credentials: unknown): number =>
  Predicate.hasProperty(credentials, "expiration") && DateTime.isDateTime(credentials.expiration)
    ? DateTime.toEpochMillis(credentials.expiration)
    : Number.NEGATIVE_INFINITY

/**
 * A source that has given credentials stays configured: where it has none any more, such as while somebody replaces a
 * file, the next source would be another identity in the middle of a program's life. So it would be where the source
 * fails for a while and what it gave is still valid.
 */
const lasting = <Credentials>(source: CredentialSource<Credentials>): Asked<Credentials> => {
  let gave = false
  let until = Number.NEGATIVE_INFINITY
  const missing = new WeakSet<SourceError>()
  const gone = (error: SourceError): SourceError => {
    if (!gave || !isNotConfigured(error)) return error
    const told = new StsCredentialError({
      ...error,
      reason: "Unavailable",
      detail: `it gave credentials before, and is not configured any more: ${error.detail}`,
      hint: "Restore what is missing, or restart the program to use another source."
    })
    missing.add(told)
    return told
  }
  return {
    name: source.name,
    get: Effect.mapBoth(
      Effect.suspend(() => source.get),
      {
        onFailure: gone,
        onSuccess: (credentials) => {
          gave = true
          until = endOf(credentials)
          return credentials
        }
      }
    ),
    holds: (error) =>
      Effect.map(
        Clock.currentTimeMillis,
        (now) => error instanceof StsCredentialError && error.mayPass && !missing.has(error) && now < until
      )
  }
}

const chain =
  (goesOn: GoesOn) =>
  <Credentials>(
    cloud: Cloud,
    name: string,
    sources: ReadonlyArray<CredentialSource<Credentials>>,
    { timeout }: Options = {}
  ): CredentialSource<Credentials> => {
    const all = sources.map(lasting)
    return {
      name,
      get:
        timeout === undefined
          ? Effect.flatMap(ask(cloud, name, all, goesOn), ({ outcome }) => Effect.fromResult(outcome))
          : askInTime(cloud, name, all, goesOn, timeout),
      invalidate: (accessKeyId) =>
        Effect.forEach(sources, (source) => source.invalidate?.(accessKeyId) ?? Effect.void, {
          discard: true
        })
    }
  }

/**
 * Asks sources as {@link make} does and tells what came of each.
 *
 * @category constructors
 * @since 0.1.0
 */
export const trace = <Credentials>(
  cloud: Cloud,
  name: string,
  sources: ReadonlyArray<CredentialSource<Credentials>>
): Effect.Effect<Trace<Credentials>> => ask(cloud, name, sources, isNotConfigured)

/**
 * A source that gives the credentials of the first configured one. A source that is configured and broken ends the
 * search with its error, and so does one that gave credentials before and has none now: nothing falls through silently
 * to another identity. Where none is configured, the error tells every source that was asked.
 *
 * @example
 * ```ts
 * import { Alibaba, Chain } from "effect-sts"
 *
 * const source = Chain.make("alibaba", "mine", [Alibaba.Environment.source])
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: <Credentials>(
  cloud: Cloud,
  name: string,
  sources: ReadonlyArray<CredentialSource<Credentials>>,
  options?: Options
) => CredentialSource<Credentials> = chain(isNotConfigured)

/**
 * The same, but a source that is configured and broken is passed over too, as many tools do: the next source may be
 * another identity. One that fails for a while, and whose credentials from before are still valid, ends the search as it
 * does in {@link make}. Where none gives credentials the error tells what was wrong with each.
 *
 * @category constructors
 * @since 0.1.0
 */
export const lenient: <Credentials>(
  cloud: Cloud,
  name: string,
  sources: ReadonlyArray<CredentialSource<Credentials>>,
  options?: Options
) => CredentialSource<Credentials> = /* @__PURE__ */ chain(() => true)
