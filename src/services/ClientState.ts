/**
 * What outlives a call: permits, retry budget, clock offset. It belongs to one HTTP client and one cloud, so it lives
 * and dies with the layer that made the client, and two programs never share it by accident.
 *
 * @since 0.1.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import type { ConfigProvider } from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { RetryBudget } from "../protocol/retry.js"
import type { Cloud, StsConfigError } from "../schemas/StsError.js"
import { withoutTracing } from "./BufferedClient.js"
import type { Endpoint } from "./Endpoint.js"
import { Permits } from "./Permits.js"
import type { Policy } from "./RequestPolicy.js"

type Resolve = (policy: Policy) => Effect.Effect<Endpoint, StsConfigError>

interface Resolved {
  readonly config: ConfigProvider
  readonly resolve: Resolve
  readonly endpoint: Endpoint
}

/**
 * What outlives a call.
 *
 * @category models
 * @since 0.1.0
 */
export class ClientState {
  readonly budget = new RetryBudget()
  /** Milliseconds to add to our clock to get the service's. */
  clockOffset = 0
  readonly http: HttpClient.HttpClient
  private readonly limits = new Map<number, Permits>()
  private readonly endpoints = new WeakMap<Policy, WeakMap<object, Resolved>>()

  constructor(client: HttpClient.HttpClient) {
    this.http = withoutTracing(client)
  }

  /** The permits of all calls that state the same limit. */
  permits(limit: number): Permits {
    const known = this.limits.get(limit)
    if (known !== undefined) return known
    const made = new Permits(limit)
    this.limits.set(limit, made)
    return made
  }

  /** The endpoint for a policy, other settings and a configuration, resolved at the first call that needs it. */
  endpoint(
    policy: Policy,
    settings: object,
    config: ConfigProvider,
    resolve: Resolve
  ): Effect.Effect<Endpoint, StsConfigError> {
    const known = this.endpoints.get(policy)?.get(settings)
    if (known?.config === config && known.resolve === resolve) return Effect.succeed(known.endpoint)
    return Effect.tap(resolve(policy), (endpoint) => {
      const bySettings = this.endpoints.get(policy) ?? new WeakMap<object, Resolved>()
      this.endpoints.set(policy, bySettings.set(settings, { config, resolve, endpoint }))
    })
  }
}

const states: Record<Cloud, WeakMap<HttpClient.HttpClient, ClientState>> = {
  alibaba: new WeakMap(),
  aws: new WeakMap()
}

/**
 * The state of a client's calls to a cloud.
 *
 * @category accessors
 * @since 0.1.0
 */
export const of = (cloud: Cloud, client: HttpClient.HttpClient): ClientState => {
  const known = states[cloud].get(client)
  if (known !== undefined) return known
  const made = new ClientState(client)
  states[cloud].set(client, made)
  return made
}
