/** Finding the one source of a role's credentials, whatever the cloud. */

import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import { requestKey } from "../protocol/cacheEntry.js"
import { common } from "../protocol/settingTable.js"
import type { Cloud, StsConfigError } from "../schemas/StsError.js"
import * as ClientState from "../services/ClientState.js"
import type { CredentialSource } from "../services/CredentialSource.js"
import type { Endpoint } from "../services/Endpoint.js"
import { configProvider, segmentsBelow } from "../services/fiber.js"
import { MfaTokenCode } from "../services/MfaTokenCode.js"
import type { RefreshingSource, Renewable } from "../services/Refreshing.js"
import { type Policy, RequestPolicy } from "../services/RequestPolicy.js"
import { exact, settingsBelow } from "../services/setting.js"
import type { KeyedSources } from "./KeyedSources.js"

/** A role, and with what it is assumed. */
export interface Wanted<Credentials, R> {
  readonly cloud: Cloud
  readonly base: CredentialSource<Credentials>
  readonly signer: { readonly sign: object }
  /** Everything that the session depends on. */
  readonly request: object
  readonly endpoint: (policy: Policy) => Effect.Effect<Endpoint, StsConfigError>
  /** What the endpoint depends on beside policy and configuration. */
  readonly settings?: object | undefined
  readonly source: Effect.Effect<CredentialSource<Credentials>, never, R>
}

const prefixes: Record<Cloud, ReadonlyArray<string>> = { alibaba: ["ALIBABA", "ALICLOUD"], aws: ["AWS"] }

/**
 * What a configuration says, so far as it matters to the cloud: two that say the same are the same. One that does not
 * tell what settings it has is itself alone.
 */
const contents = (cloud: Cloud, config: ConfigProvider.ConfigProvider): Effect.Effect<object> =>
  Effect.gen(function* () {
    if ((yield* segmentsBelow(config, [])).length === 0) return config
    const shared = yield* Effect.forEach(common, ({ variable }) =>
      Effect.orElseSucceed(exact(variable), () => undefined)
    )
    return [shared, yield* Effect.forEach(prefixes[cloud], settingsBelow)]
  }).pipe(Effect.provideService(ConfigProvider.ConfigProvider, config))

/**
 * The source of the wanted role: one for all who ask for the same session at the same endpoint with the same base,
 * client and configuration. It goes on with those, whoever asks.
 */
export const find = <Credentials extends Renewable, R>(
  sources: KeyedSources<Credentials>,
  { base, cloud, endpoint, request, settings, signer, source }: Wanted<Credentials, R>
): Effect.Effect<RefreshingSource<Credentials>, StsConfigError, R | HttpClient.HttpClient> =>
  Effect.flatMap(configProvider, (config) =>
    Effect.contextWith((context: Context.Context<HttpClient.HttpClient>) => {
      const client = Context.get(context, HttpClient.HttpClient)
      const policy = Context.get(context, RequestPolicy)
      const state = ClientState.of(cloud, client, signer)
      const pinned = source.pipe(
        Effect.provideService(RequestPolicy, policy),
        Effect.map((made) => ({
          ...made,
          get: Effect.provideService(made.get, ConfigProvider.ConfigProvider, config)
        }))
      )
      const number = (object: object) => sources.numberOf(object)
      const said = (what: object) => (what === config ? number(config) : what)
      return Effect.zipWith(
        state.endpoint(client, policy, settings ?? policy, config, endpoint),
        sources.once(config, contents(cloud, config)),
        ({ region, url }, configured) =>
          sources.of(
            requestKey({
              cloud,
              url,
              region,
              request,
              base: number(base),
              client: number(state),
              config: said(configured),
              mfa: number(Context.get(context, MfaTokenCode)),
              signer: number(signer.sign)
            }),
            pinned
          )
      ).pipe(Effect.flatten)
    })
  )
