/** Refusing credentials of another identity than the wanted one, whatever the cloud. */

import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Remedy } from "../protocol/retry.js"
import { type Cloud, type FailedCall, StsApiError, StsCredentialError } from "../schemas/StsError.js"
import { type CredentialSource, renewed, type SourceError } from "../services/CredentialSource.js"
import type { Renewable } from "../services/Refreshing.js"
import { fromCall } from "../services/SourceRequest.js"
import { KeyedSources } from "./keyedRoles.js"
import { provideCaptured } from "./platform.js"

/** Whom an access key belongs to. */
export interface Identity extends Renewable {
  readonly account: string
  readonly arn: string
}

/** The expected identity, and how the actual one is found out. */
export interface Wanted<Credentials, R> {
  readonly cloud: Cloud
  /** In words, for the error. */
  readonly wanted: string
  /** The identity in words. */
  readonly found: (identity: Identity) => string
  readonly accepts: (found: string) => boolean
  /** Asks the service. */
  readonly ask: (
    source: CredentialSource<Credentials>
  ) => Effect.Effect<Omit<Identity, "accessKeyId">, FailedCall | SourceError, R>
  /** What is done about a refusal. */
  readonly remedyOf: (code: string, status: number) => Remedy
}

// Access keys come one after the other, so few are in use at once.
const remembered = 100

/**
 * A source that gives the base's credentials where they belong to the expected identity, and otherwise fails. The
 * service is asked once for each access key; where it does not answer, nothing is let through.
 */
export const make =
  <Credentials extends Renewable, R>(guard: Wanted<Credentials, R>) =>
  (base: CredentialSource<Credentials>): Effect.Effect<CredentialSource<Credentials>, never, R> =>
    Effect.map(provideCaptured<R>(), (withServices) => {
      const { cloud, remedyOf, wanted } = guard
      const identities = new KeyedSources<Identity>(cloud, remembered)
      const name = `identity check of ${base.name}`
      const invalidate = (accessKeyId: string) => base.invalidate?.(accessKeyId) ?? Effect.void

      const ask = (credentials: Credentials): CredentialSource<Identity> => ({
        name,
        get: withServices(guard.ask({ name: base.name, get: Effect.succeed(credentials) })).pipe(
          Effect.map((identity) => ({ ...identity, accessKeyId: credentials.accessKeyId })),
          Effect.mapError(fromCall({ cloud, source: name }))
        )
      })

      const check = (credentials: Credentials): Effect.Effect<Credentials, SourceError> => {
        const found = Effect.flatMap(
          identities.of(
            credentials.accessKeyId,
            Effect.sync(() => ask(credentials))
          ),
          ({ get }) => Effect.map(get, guard.found)
        )
        return Effect.flatMap(found, (who) =>
          guard.accepts(who)
            ? Effect.succeed(credentials)
            : Effect.fail(
                new StsCredentialError({
                  cloud,
                  source: base.name,
                  reason: "UnexpectedIdentity",
                  detail: `expected ${wanted}, but these credentials belong to ${who}`,
                  hint: "Select the right profile or source, or correct what is expected."
                })
              )
        )
      }

      const rejected = (error: SourceError): boolean =>
        error instanceof StsCredentialError &&
        error.cause instanceof StsApiError &&
        remedyOf(error.cause.code, error.cause.status).renew

      // What the service does not take is got anew once, as the operations do.
      const renew = (refused: Credentials, error: SourceError): Effect.Effect<Credentials, SourceError> =>
        Effect.flatMap(renewed({ get: base.get, invalidate }, refused), (fresh) =>
          fresh === undefined ? Effect.fail(error) : check(fresh)
        )

      return {
        name: base.name,
        get: Effect.flatMap(base.get, (credentials) =>
          Effect.catchIf(check(credentials), rejected, (error) => renew(credentials, error))
        ),
        invalidate
      }
    })

/** The result of guarding a source, or a layer that provides one. */
export type Guarded<Guarding, Provider, Credentials, Services> =
  Guarding extends Layer.Layer<Provider, infer E, infer R>
    ? Layer.Layer<Provider, E, R | Services>
    : Effect.Effect<CredentialSource<Credentials>, never, Services>

/** A guard as programs use it. One signature for both, because `pipe` would lose the types of overloads. */
export type Guard<Provider, Credentials, Services> = <
  Guarding extends CredentialSource<Credentials> | Layer.Layer<Provider, unknown, unknown>
>(
  guarding: Guarding
) => Guarded<Guarding, Provider, Credentials, Services>

/** A cloud, as its guards know it. */
interface Guarding<Provider, Credentials, Services>
  extends Omit<Wanted<Credentials, Services>, "wanted" | "found" | "accepts"> {
  readonly provider: Context.Service<Provider, CredentialSource<Credentials>>
  /** Whether a caller's ARN is what an ARN or a pattern says. */
  readonly isCaller: (arnOrPattern: string, arn: string) => boolean
}

/** A cloud's guards: by account and by ARN. */
export const guards = <Provider, Credentials extends Renewable, Services>({
  isCaller,
  provider,
  ...cloud
}: Guarding<Provider, Credentials, Services>) => {
  const guard = (
    who: Pick<Wanted<Credentials, Services>, "wanted" | "found" | "accepts">
  ): Guard<Provider, Credentials, Services> => {
    const around = make({ ...cloud, ...who })
    const layer = Layer.effect(provider, Effect.flatMap(provider, around))
    return <Given extends CredentialSource<Credentials> | Layer.Layer<Provider, unknown, unknown>>(
      guarding: Given
    ) =>
      (Layer.isLayer(guarding)
        ? Layer.provide(layer, guarding as Layer.Layer<Provider, unknown, unknown>)
        : around(guarding as CredentialSource<Credentials>)) as Guarded<
        Given,
        Provider,
        Credentials,
        Services
      >
  }
  return {
    account: (accountId: string) =>
      guard({
        wanted: `account ${accountId}`,
        found: ({ account }) => `account ${account}`,
        accepts: (found) => found === `account ${accountId}`
      }),
    arn: (arnOrPattern: string) =>
      guard({
        wanted: arnOrPattern,
        found: ({ arn }) => arn,
        accepts: (found) => isCaller(arnOrPattern, found)
      })
  }
}
