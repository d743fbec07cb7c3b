/** The sources of roles' credentials, whatever the cloud: one for all who ask for the same, each behind a cache of its own. */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import { requestKey } from "../protocol/cacheEntry.js"
import { common } from "../protocol/settingTable.js"
import type { Cloud, StsConfigError } from "../schemas/StsError.js"
import * as Client from "../services/Client.js"
import type { CredentialSource } from "../services/CredentialSource.js"
import type { Endpoint } from "../services/Endpoint.js"
import { configProvider, segmentsBelow } from "../services/fiber.js"
import { MfaTokenCode } from "../services/MfaTokenCode.js"
import { make, type RefreshingSource, type Renewable } from "../services/Refreshing.js"
import { type Policy, RequestPolicy } from "../services/RequestPolicy.js"
import { exact, settingsBelow } from "../services/setting.js"

/**
 * A bounded number of sources. Where there is no room for another, the one that was asked for longest ago goes.
 */
export class KeyedSources<Credentials extends Renewable> {
  // A Map keeps the order of insertion: the first is the one that was used longest ago.
  private readonly sources = new Map<string, RefreshingSource<Credentials>>()
  private readonly numbers = new WeakMap<object, number>()
  private readonly known = new WeakMap<object, object>()
  private numbered = 0

  constructor(
    private readonly cloud: Cloud,
    private readonly capacity: number
  ) {}

  /** How many there are. */
  get size(): number {
    return this.sources.size
  }

  /** The source of this key, made if there is none yet. */
  of<E, R>(
    key: string,
    source: Effect.Effect<CredentialSource<Credentials>, E, R>
  ): Effect.Effect<RefreshingSource<Credentials>, E, R> {
    return Effect.suspend(() => {
      const known = this.use(key)
      if (known !== undefined) return Effect.succeed(known)
      return Effect.map(source, (bare) => this.use(key) ?? this.add(key, make(this.cloud, bare)))
    })
  }

  /** A number that stands for an object and nothing else, for keys. */
  numberOf(object: object): number {
    const known = this.numbers.get(object)
    if (known !== undefined) return known
    this.numbers.set(object, ++this.numbered)
    return this.numbered
  }

  /** What was found out about an object when it was first asked about. */
  once(about: object, found: Effect.Effect<object>): Effect.Effect<object> {
    return Effect.suspend(() => {
      const known = this.known.get(about)
      if (known !== undefined) return Effect.succeed(known)
      return Effect.tap(found, (facts) =>
        Effect.sync(() => {
          this.known.set(about, facts)
        })
      )
    })
  }

  private use(key: string): RefreshingSource<Credentials> | undefined {
    const known = this.sources.get(key)
    if (known === undefined) return undefined
    this.sources.delete(key)
    this.sources.set(key, known)
    return known
  }

  private add(key: string, source: RefreshingSource<Credentials>): RefreshingSource<Credentials> {
    const [oldest] = this.sources.keys()
    if (this.sources.size >= this.capacity && oldest !== undefined) this.sources.delete(oldest)
    this.sources.set(key, source)
    return source
  }
}

/** A cloud, as its roles are assumed and kept. */
interface Assuming<
  Roles,
  Provider,
  Signer,
  Signing extends { readonly sign: object },
  Credentials extends Renewable,
  Options extends object
> {
  readonly cloud: Cloud
  readonly roles: Context.Service<Roles, KeyedSources<Credentials>>
  readonly provider: Context.Service<Provider, CredentialSource<Credentials>>
  readonly signer: Context.Service<Signer, Signing>
  readonly endpoint: (policy: Policy) => Effect.Effect<Endpoint, StsConfigError>
  /** What the endpoint depends on beside policy and configuration. */
  readonly settings: (context: Context.Context<never>) => object
  readonly make: (
    base: CredentialSource<Credentials>,
    role: Options
  ) => Effect.Effect<CredentialSource<Credentials>, never, Signer | HttpClient.HttpClient>
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

/** A cloud's roles: their sources, their credentials, and running as one. */
export const keyedRoles = <
  Roles,
  Provider,
  Signer,
  Signing extends { readonly sign: object },
  Credentials extends Renewable,
  Options extends object
>(
  assuming: Assuming<Roles, Provider, Signer, Signing, Credentials, Options>
) => {
  type Services = Roles | Provider | Signer | HttpClient.HttpClient
  const { cloud, endpoint, provider } = assuming
  /**
   * The source of a role: one for all who ask for the same session at the same endpoint with the same base, client and
   * configuration. It keeps those, whoever asks.
   */
  const source = (role: Options): Effect.Effect<RefreshingSource<Credentials>, StsConfigError, Services> =>
    Effect.flatMap(configProvider, (config) =>
      Effect.contextWith((context: Context.Context<Services>) => {
        const base = Context.get(context, provider)
        const client = Context.get(context, HttpClient.HttpClient)
        const policy = Context.get(context, RequestPolicy)
        const signer = Context.get(context, assuming.signer)
        const sources = Context.get(context, assuming.roles)
        const settings = assuming.settings(context)
        const state = Client.stateOf(cloud, client, signer)
        const pinned = assuming.make(base, role).pipe(
          Effect.provideService(RequestPolicy, policy),
          Effect.map((made) => ({
            ...made,
            get: Effect.provideService(made.get, ConfigProvider.ConfigProvider, config)
          }))
        )
        const number = (object: object) => sources.numberOf(object)
        const said = (what: object) => (what === config ? number(config) : what)
        return Effect.zipWith(
          state.endpoint(client, policy, settings, config, endpoint),
          sources.once(config, contents(cloud, config)),
          ({ region, url }, configured) =>
            sources.of(
              requestKey({
                cloud,
                url,
                region,
                request: role,
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
  return {
    source,
    credentials: (role: Options) => Effect.flatMap(source(role), ({ get }) => get),
    as:
      (role: Options) =>
      <A, E, R>(effect: Effect.Effect<A, E, R>) =>
        Effect.provideServiceEffect(effect, provider, source(role))
  }
}
