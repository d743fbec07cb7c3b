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
   * How long all sources may take together, each time they are asked. After that the error is `Unavailable` and names
   * the source that was being asked. Default: only the sources' own limits.
   */
  readonly timeout?: Duration.Input | undefined
  /**
   * Whether a source that is configured and fails is passed over too, as many tools do: the next one may be another
   * identity. One that fails for a while, and whose credentials from before are still valid, ends the search all the
   * same. Default: false.
   */
  readonly continueOnFailure?: boolean | undefined
}

/**
 * Changes to a chain whose sources have names.
 *
 * @category models
 * @since 4.0.0
 */
export interface Changes<Name extends string, Credentials> {
  /** Sources that are never asked. */
  readonly without?: ReadonlyArray<Name> | undefined
  /** Sources that replace the chain's own. */
  readonly replace?: { readonly [Source in Name]?: CredentialSource<Credentials> | undefined } | undefined
  /** Sources to ask before all others. */
  readonly first?: ReadonlyArray<CredentialSource<Credentials>> | undefined
  /** Sources to ask after all others. */
  readonly last?: ReadonlyArray<CredentialSource<Credentials>> | undefined
}

/**
 * The result of asking sources in turn.
 *
 * @category models
 * @since 0.1.0
 */
export interface TraceResult<Credentials> {
  /** The sources that gave nothing, in order; one that ended the search with its error is the last. */
  readonly attempts: ReadonlyArray<CredentialAttempt>
  /** The source that gave credentials. */
  readonly chosen: string | undefined
  /** The credentials, or why no source gave any. */
  readonly outcome: Result.Result<Credentials, SourceError>
}

type GoesOn = (error: SourceError) => boolean

const goesOnOf = ({ continueOnFailure }: Options): GoesOn =>
  continueOnFailure === true ? () => true : isNotConfigured

/** A source as a chain asks it. */
interface Asked<Credentials> extends CredentialSource<Credentials> {
  /** Whether what it gave before is still valid despite an error, so that no other source is asked. */
  readonly holds?: ((error: SourceError) => Effect.Effect<boolean>) | undefined
}

const isNotConfigured = (error: SourceError): error is StsCredentialError =>
  error instanceof StsCredentialError && error.reason === "NotConfigured"

const attemptsOf = (source: string, error: SourceError): ReadonlyArray<CredentialAttempt> => {
  const { file, hint, line } = error
  if (error._tag === "StsConfigError") {
    return [{ source, reason: "Malformed", detail: error.message, file, line, hint }]
  }
  const { attempts, detail, reason } = error
  // A chain's error consists of those of its sources; the error of a role, which includes its base's, is its own, and so
  // is that of a source that ended a chain's search.
  const isChains = attempts?.some((attempt) => attempt.reason === reason) === true
  return isChains ? attempts : [{ source: error.source, reason, detail, file, line, hint }]
}

/** The sources that were asked before the one that ended the search, for its error. */
const after = (earlier: ReadonlyArray<CredentialAttempt>, error: SourceError): SourceError =>
  error instanceof StsCredentialError && earlier.length > 0
    ? new StsCredentialError({ ...error, attempts: [...earlier, ...(error.attempts ?? [])] })
    : error

/** How far a search has come: the source that is being asked, and the results of those before it. */
interface Search {
  asked: string
  attempts: ReadonlyArray<CredentialAttempt>
}

const search = (): Search => ({ asked: "", attempts: [] })

const ask = <Credentials>(
  cloud: Cloud,
  name: string,
  sources: ReadonlyArray<Asked<Credentials>>,
  goesOn: GoesOn,
  progress: Search
): Effect.Effect<TraceResult<Credentials>> =>
  Effect.gen(function* () {
    for (const source of sources) {
      progress.asked = source.name
      const earlier = progress.attempts
      const outcome = yield* Effect.result(source.get)
      if (Result.isSuccess(outcome)) return { attempts: earlier, chosen: source.name, outcome }
      const error = outcome.failure
      const attempts = earlier.concat(attemptsOf(source.name, error))
      progress.attempts = attempts
      if (!goesOn(error) || (yield* source.holds?.(error) ?? Effect.succeed(false))) {
        return { attempts, chosen: undefined, outcome: Result.fail(after(earlier, error)) }
      }
    }
    const { attempts } = progress
    return { attempts, chosen: undefined, outcome: Result.fail(noneLeft(cloud, name, attempts)) }
  })

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
    hint: broken === undefined ? "Configure one of them." : "Fix one of them."
  })
}

const tooSlow = (
  cloud: Cloud,
  source: string,
  millis: number,
  { asked, attempts }: Search
): StsCredentialError => {
  const detail = "it did not answer within the chain's time limit"
  return new StsCredentialError({
    cloud,
    source,
    reason: "Unavailable",
    detail: `its sources gave no credentials within ${millis} ms`,
    attempts: [...attempts, { source: asked, reason: "Unavailable", detail }]
  })
}

const endOf = (credentials: unknown): number =>
  Predicate.hasProperty(credentials, "expiration") && DateTime.isDateTime(credentials.expiration)
    ? DateTime.toEpochMillis(credentials.expiration)
    : 0

/**
 * A source that has given credentials stays configured: where it has none any more, such as while a file is being
 * replaced, the next source would be another identity while the program runs. The same holds where the source fails for
 * a while and what it gave is still valid.
 */
const lasting = <Credentials>(source: CredentialSource<Credentials>): Asked<Credentials> => {
  /** The end of what it gave last; undefined where it has given nothing yet. */
  let until: number | undefined
  const missing = new WeakSet<SourceError>()
  const gone = (error: SourceError): SourceError => {
    if (until === undefined || !isNotConfigured(error)) return error
    const told = new StsCredentialError({
      ...error,
      reason: "Unavailable",
      detail: `it gave credentials before, but is no longer configured: ${error.detail}`,
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
          until = endOf(credentials)
          return credentials
        }
      }
    ),
    holds: (error) =>
      Effect.map(
        Clock.currentTimeMillis,
        (now) =>
          error instanceof StsCredentialError && error.retryable && !missing.has(error) && now < (until ?? 0)
      )
  }
}

/**
 * Asks sources as {@link make} does and reports the result of each.
 *
 * @category constructors
 * @since 0.1.0
 */
export const trace = <Credentials>(
  cloud: Cloud,
  name: string,
  sources: ReadonlyArray<CredentialSource<Credentials>>,
  options: Pick<Options, "continueOnFailure"> = {}
): Effect.Effect<TraceResult<Credentials>> =>
  Effect.suspend(() => ask(cloud, name, sources, goesOnOf(options), search()))

/**
 * A source that gives the credentials of the first configured one. A source that is configured and broken ends the
 * search with its error, and so does one that gave credentials before and has none now: nothing falls through silently
 * to another identity, unless `continueOnFailure` allows it. Where none gives credentials, the error says why for every
 * source that was asked.
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
export const make = <Credentials>(
  cloud: Cloud,
  name: string,
  sources: ReadonlyArray<CredentialSource<Credentials>>,
  options: Options = {}
): CredentialSource<Credentials> => {
  const all = sources.map(lasting)
  const goesOn = goesOnOf(options)
  const { timeout } = options
  return {
    name,
    get: Effect.suspend(() => {
      const progress = search()
      const found = Effect.flatMap(ask(cloud, name, all, goesOn, progress), ({ outcome }) =>
        Effect.fromResult(outcome)
      )
      if (timeout === undefined) return found
      const millis = Duration.toMillis(timeout)
      return timeLimit(found, millis, () => tooSlow(cloud, name, millis, progress))
    }),
    invalidate: (accessKeyId) =>
      Effect.forEach(sources, (source) => source.invalidate?.(accessKeyId) ?? Effect.void, {
        discard: true
      })
  }
}

/**
 * The sources of a chain in the order of their names, with the changes. A source that is left out or replaced is not
 * made. A replacement for a source that the chain does not have is ignored.
 *
 * @category constructors
 * @since 4.0.0
 */
export const arrange = <Name extends string, Credentials, E, R>(
  sources: { readonly [Source in Name]?: Effect.Effect<CredentialSource<Credentials>, E, R> },
  { first = [], last = [], replace = {}, without = [] }: Changes<Name, Credentials>
): Effect.Effect<ReadonlyArray<CredentialSource<Credentials>>, E, R> => {
  const names = (Object.keys(sources) as Array<Name>).filter((name) => !without.includes(name))
  const all = Effect.forEach(names, (name) => {
    const other = replace[name]
    return other === undefined
      ? (sources[name] as NonNullable<(typeof sources)[Name]>)
      : Effect.succeed(other)
  })
  return Effect.map(all, (chosen) => [...first, ...chosen, ...last])
}
