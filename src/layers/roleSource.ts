/** What the sources that assume a role have in common: a session that has a name, over a base that has credentials. */
import * as Effect from "effect/Effect"
import { type FailedCall, StsCredentialError } from "../schemas/StsError.js"
import type { CredentialSource, SourceError } from "../services/CredentialSource.js"
import { sessionName } from "../services/Nonce.js"
import { fromCall, reasonWithout, type Source } from "../services/SourceRequest.js"
import { provideCaptured } from "./platform.js"

/**
 * A name that stays the same for as long as the source that holds this lives, so that an audit log shows the sessions
 * of one program together, made when it is first needed.
 */
export const lastingSessionName = (): Effect.Effect<string> => {
  let made: string | undefined
  return Effect.suspend(() =>
    made === undefined
      ? Effect.map(sessionName, (name) => {
          made ??= name
          return made
        })
      : Effect.succeed(made)
  )
}

/** A role, and how it is assumed. */
interface Role<Credentials, R> {
  readonly source: Source
  readonly base: CredentialSource<Credentials>
  /** Calls the service with the base's credentials. */
  readonly assume: (
    base: CredentialSource<Credentials>,
    first: Credentials
  ) => Effect.Effect<Credentials, FailedCall | SourceError, R>
}

/** Says that a base has nothing in a way that lets no chain go on: a role over it is configured. */
const withoutBase =
  (source: Source, base: string) =>
  (error: SourceError): SourceError =>
    error instanceof StsCredentialError && error.reason === "NotConfigured"
      ? new StsCredentialError({
          ...source,
          reason: reasonWithout(error),
          detail: `its base ${base} has no credentials`,
          key: error.key,
          hint: error.hint,
          cause: error.cause,
          attempts: error.attempts ?? [{ source: error.source, reason: error.reason, detail: error.detail }]
        })
      : error

/** A base as one call sees it: asked once for all attempts, and again only when its credentials were refused. */
const forOneCall = <Credentials>(
  base: CredentialSource<Credentials>,
  get: Effect.Effect<Credentials, SourceError>
): CredentialSource<Credentials> => {
  let given: { readonly credentials: Credentials } | undefined
  const ask = Effect.tap(get, (credentials) =>
    Effect.sync(() => {
      given = { credentials }
    })
  )
  const forget = (accessKeyId: string) =>
    Effect.suspend(() => {
      given = undefined
      return base.invalidate?.(accessKeyId) ?? Effect.void
    })
  return {
    name: base.name,
    get: Effect.suspend(() => (given === undefined ? ask : Effect.succeed(given.credentials))),
    invalidate: base.invalidate === undefined ? undefined : forget
  }
}

/**
 * A source that assumes a role each time it is asked. The base is asked before the call begins, so that no time limit
 * of the call's runs while it, say, waits for somebody to type a code.
 */
export const make = <Credentials, R>({
  assume,
  base,
  source
}: Role<Credentials, R>): Effect.Effect<CredentialSource<Credentials>, never, R> =>
  Effect.map(provideCaptured<R>(), (withServices) => {
    const fromBase = Effect.mapError(base.get, withoutBase(source, base.name))
    return {
      name: source.source,
      get: Effect.suspend(() => {
        const held = forOneCall(base, fromBase)
        return withServices(Effect.flatMap(held.get, (first) => assume(held, first)))
      }).pipe(Effect.mapError(fromCall(source))),
      invalidate: (accessKeyId) => base.invalidate?.(accessKeyId) ?? Effect.void
    }
  })
