/**
 * Sources asked one after the other.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { type Cloud, type CredentialAttempt, StsCredentialError } from "../schemas/StsError.js"
import type { CredentialSource, SourceError } from "../services/CredentialSource.js"

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
  readonly outcome: Either.Either<Credentials, SourceError>
}

type GoesOn = (error: SourceError) => boolean

const notConfigured: GoesOn = (error) =>
  error instanceof StsCredentialError && error.reason === "NotConfigured"

const attemptsOf = (source: string, error: SourceError): ReadonlyArray<CredentialAttempt> => {
  if (error._tag === "StsConfigError") {
    const { file, hint, line, message } = error
    return [{ source, reason: "Malformed", detail: message, file, line, hint }]
  }
  const { attempts, detail, file, hint, line, reason } = error
  // A chain's error is told by its sources' ones; that of a role, which tells of its base's too, is its own.
  const isChains = attempts?.some((attempt) => attempt.reason === reason) === true
  return isChains ? attempts : [{ source: error.source, reason, detail, file, line, hint }]
}

const ask = <Credentials>(
  cloud: Cloud,
  name: string,
  sources: ReadonlyArray<CredentialSource<Credentials>>,
  goesOn: GoesOn
): Effect.Effect<Trace<Credentials>> => {
  const from = (
    index: number,
    attempts: ReadonlyArray<CredentialAttempt>
  ): Effect.Effect<Trace<Credentials>> => {
    const source = sources[index]
    if (source === undefined) {
      const outcome = Either.left(noneLeft(cloud, name, attempts))
      return Effect.succeed({ attempts, chosen: undefined, outcome })
    }
    return Effect.flatMap(Effect.either(source.get), (outcome): Effect.Effect<Trace<Credentials>> => {
      if (Either.isRight(outcome)) return Effect.succeed({ attempts, chosen: source.name, outcome })
      const all = attempts.concat(attemptsOf(source.name, outcome.left))
      return goesOn(outcome.left)
        ? from(index + 1, all)
        : Effect.succeed({ attempts: all, chosen: undefined, outcome })
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

/**
 * A source that has given credentials stays configured: where it has none any more, such as while somebody replaces a
 * file, the next source would be another identity in the middle of a program's life.
 */
const lasting = <Credentials>(source: CredentialSource<Credentials>): CredentialSource<Credentials> => {
  let gave = false
  const gone = (error: SourceError): SourceError =>
    gave && error instanceof StsCredentialError && error.reason === "NotConfigured"
      ? new StsCredentialError({
          ...error,
          reason: "Unavailable",
          detail: `it gave credentials before, and is not configured any more: ${error.detail}`,
          hint: "Put back what is gone, or restart the program to use another source."
        })
      : error
  return {
    name: source.name,
    get: Effect.mapBoth(
      Effect.suspend(() => source.get),
      {
        onFailure: gone,
        onSuccess: (credentials) => {
          gave = true
          return credentials
        }
      }
    )
  }
}

const chain =
  (goesOn: GoesOn) =>
  <Credentials>(
    cloud: Cloud,
    name: string,
    sources: ReadonlyArray<CredentialSource<Credentials>>
  ): CredentialSource<Credentials> => ({
    name,
    get: Effect.flatMap(ask(cloud, name, sources.map(lasting), goesOn), ({ outcome }) => outcome),
    invalidate: (accessKeyId) =>
      Effect.forEach(sources, (source) => source.invalidate?.(accessKeyId) ?? Effect.void, { discard: true })
  })

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
): Effect.Effect<Trace<Credentials>> => ask(cloud, name, sources, notConfigured)

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
  sources: ReadonlyArray<CredentialSource<Credentials>>
) => CredentialSource<Credentials> = chain(notConfigured)

/**
 * The same, but a source that is configured and broken is passed over too, as many tools do: the next source may be
 * another identity. Where none gives credentials the error tells what was wrong with each.
 *
 * @category constructors
 * @since 0.1.0
 */
export const lenient: <Credentials>(
  cloud: Cloud,
  name: string,
  sources: ReadonlyArray<CredentialSource<Credentials>>
) => CredentialSource<Credentials> = chain(() => true)
