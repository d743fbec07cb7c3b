/**
 * Sources asked one after the other.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import {
  type Cloud,
  type CredentialAttempt,
  type StsConfigError,
  StsCredentialError
} from "../schemas/StsError.js"
import type { CredentialSource } from "../services/CredentialSource.js"

/**
 * A source that gives the credentials of the first configured one. A source that is configured and broken ends the
 * search with its error: nothing falls through silently to another identity. Where none is configured, the error
 * tells every source that was asked.
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
  sources: ReadonlyArray<CredentialSource<Credentials>>
): CredentialSource<Credentials> => {
  const from = (
    index: number,
    attempts: ReadonlyArray<CredentialAttempt>
  ): Effect.Effect<Credentials, StsCredentialError | StsConfigError> => {
    const source = sources[index]
    if (source === undefined) return Effect.fail(noneConfigured(cloud, name, attempts))
    return Effect.catchTag(source.get, "StsCredentialError", (error) =>
      error.reason === "NotConfigured"
        ? from(index + 1, attempts.concat(error.attempts ?? attemptOf(error)))
        : Effect.fail(error)
    )
  }
  return { name, get: Effect.suspend(() => from(0, [])) }
}

const attemptOf = ({ detail, reason, source }: StsCredentialError): CredentialAttempt => ({
  source,
  reason,
  detail
})

const noneConfigured = (
  cloud: Cloud,
  source: string,
  attempts: ReadonlyArray<CredentialAttempt>
): StsCredentialError =>
  new StsCredentialError({
    cloud,
    source,
    reason: "NotConfigured",
    detail: "no source is configured",
    attempts,
    hint: "Configure one of them."
  })
