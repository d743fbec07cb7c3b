/**
 * Finding the one source of a role's credentials, whatever the cloud.
 *
 * @since 0.1.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { requestKey } from "../protocol/requestKey.js"
import type { Cloud, StsConfigError } from "../schemas/StsError.js"
import * as ClientState from "../services/ClientState.js"
import type { CredentialSource } from "../services/CredentialSource.js"
import type { Endpoint } from "../services/Endpoint.js"
import { MfaTokenCode } from "../services/MfaTokenCode.js"
import type { RefreshingSource, Renewable } from "../services/Refreshing.js"
import { type Policy, RequestPolicy } from "../services/RequestPolicy.js"
import type { KeyedSources } from "./KeyedSources.js"

/**
 * A role, and with what it is assumed.
 *
 * @category models
 * @since 0.1.0
 */
export interface Wanted<Credentials, R> {
  readonly cloud: Cloud
  readonly base: CredentialSource<Credentials>
  readonly signer: object
  /** Everything that the session depends on. */
  readonly request: object
  readonly endpoint: (policy: Policy) => Effect.Effect<Endpoint, StsConfigError>
  /** What the endpoint depends on beside policy and configuration. */
  readonly settings?: object | undefined
  readonly source: Effect.Effect<CredentialSource<Credentials>, never, R>
}

/**
 * The source of the wanted role: one for all who ask for the same session at the same endpoint with the same base,
 * client and configuration. It goes on with those, whoever asks.
 *
 * @category constructors
 * @since 0.1.0
 */
export const find = <Credentials extends Renewable, R>(
  sources: KeyedSources<Credentials>,
  { base, cloud, endpoint, request, settings, signer, source }: Wanted<Credentials, R>
): Effect.Effect<RefreshingSource<Credentials>, StsConfigError, R | HttpClient.HttpClient> =>
  Effect.configProviderWith((config) =>
    Effect.contextWithEffect((context: Context.Context<HttpClient.HttpClient>) => {
      const client = Context.get(context, HttpClient.HttpClient)
      const policy = Context.get(context, RequestPolicy)
      const pinned = source.pipe(
        Effect.provideService(RequestPolicy, policy),
        Effect.map((made) => ({ ...made, get: Effect.withConfigProvider(made.get, config) }))
      )
      const number = (object: object) => sources.numberOf(object)
      return Effect.flatMap(
        ClientState.of(cloud, client).endpoint(policy, settings ?? policy, config, endpoint),
        ({ region, url }) =>
          sources.of(
            requestKey({
              cloud,
              url,
              region,
              request,
              base: number(base),
              client: number(client),
              config: number(config),
              mfa: number(Context.get(context, MfaTokenCode)),
              signer: number(signer)
            }),
            pinned
          )
      )
    })
  )
