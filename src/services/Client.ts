/**
 * HTTP clients. This package's own answer with the whole reply at once, as small exchanges want it (no stream, no span,
 * no tracing header, no fiber per body), and can be asked directly. What outlives a call belongs to a layer that makes
 * clients and to a host (permits, retry budget, clock offset): however a program decorates its client, and however often
 * the layer is built, there is one of each; two programs with two layers share nothing.
 */

import type { ConfigProvider } from "effect/ConfigProvider"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import { offsetMillis, RetryBudget, type RoundTrip } from "../protocol/retry.js"
import type { Cloud, StsConfigError } from "../schemas/StsError.js"
import type { Endpoint } from "./Endpoint.js"
import type { ClientError } from "./platformHttp.js"
import type { Policy } from "./RequestPolicy.js"

/** A reply that has been read. Header names are in lower case. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const utf8 = new TextDecoder()

/** The reply that an exchange ended with. */
export const replyOf = ({ body, headers, status }: Extract<Outcome, { readonly kind: "reply" }>): Reply => ({
  status,
  headers,
  body: utf8.decode(body)
})

/** How an exchange ended. It is plain data. */
export type Outcome =
  | {
      readonly kind: "reply"
      readonly status: number
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>
      readonly body: Uint8Array
    }
  /** Such a request cannot be written, for example for a character in a header. */
  | { readonly kind: "unsendable"; readonly code: string }
  | { readonly kind: "noReply"; readonly code: string }
  | {
      readonly kind: "noBody"
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly code: string
    }

/** An exchange under way. */
export interface UnderWay {
  /** Gives up the exchange: closes its connection and reports no outcome. */
  readonly abort: () => void
}

/** Who gets the outcome of an exchange. */
export interface Sender {
  readonly settle: (outcome: Outcome) => void
}

/** Posts a form without a fiber or a platform request, and reports the outcome once, later. */
export type Post = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  context: Context.Context<never>,
  sender: Sender
) => UnderWay

const bare = new WeakMap<HttpClient.HttpClient, Post | undefined>()

/**
 * Whether a client is one of {@link makeBuffered}'s that nobody has decorated: it adds nothing to what it is given.
 */
export const isBare = (client: HttpClient.HttpClient): boolean => bare.has(client)

/** How a client posts forms directly, where nobody has decorated it and it can. */
export const postOf = (client: HttpClient.HttpClient): Post | undefined => bare.get(client)

/**
 * A question that no client sends: whichever client prepares it last says which one it is. Its body tells it from
 * copies.
 */
const question = HttpClientRequest.post("/", { body: HttpBody.raw("who sends?") })
let answer: HttpClient.HttpClient | undefined

/** The client of {@link makeBuffered}'s at the bottom of a decorated one, if there is one. */
export const senderOf = (client: HttpClient.HttpClient): HttpClient.HttpClient | undefined => {
  if (isBare(client)) return client
  answer = undefined
  try {
    ;(client as { preprocess?: (request: HttpClientRequest.HttpClientRequest) => unknown }).preprocess?.(
      question
    )
  } catch {
    // A foreign step, which expects other requests.
  }
  return answer
}

/**
 * Makes a client from a function that sends one request and answers with the whole reply, and from one that posts forms
 * directly, where there is one.
 */
export const makeBuffered = (
  send: (
    request: HttpClientRequest.HttpClientRequest
  ) => Effect.Effect<HttpClientResponse.HttpClientResponse, ClientError>,
  post?: Post
): HttpClient.HttpClient => {
  const client = HttpClient.makeWith<never, never, ClientError, never>(
    Effect.flatMap((request) =>
      Effect.withFiber<HttpClientResponse.HttpClientResponse, ClientError>((fiber) => {
        // Whoever sends secrets through a decorated client is asked before each request, by the platform's clients too.
        fiber.getRef(HttpClient.TracerDisabledWhen)(request)
        return send(request)
      })
    ),
    (request) => {
      if (request.body === question.body) answer = client
      return Effect.succeed(request)
    }
  )
  bare.set(client, post)
  return client
}

type Resolve = (policy: Policy) => Effect.Effect<Endpoint, StsConfigError>

interface Resolved {
  readonly config: ConfigProvider
  readonly resolve: Resolve
  readonly endpoint: Endpoint
}

/** What all calls to one host have in common. */
export class HostState {
  readonly budget = new RetryBudget()
  /** Milliseconds to add to our clock to get the service's. */
  private offset = 0
  private readonly limits = new Map<number, Permits>()

  constructor(private readonly cloud: CloudState) {}

  get clockOffset(): number {
    return this.offset
  }

  set clockOffset(millis: number) {
    this.offset = millis
    this.cloud.clockOffset = millis
  }

  /** The permits of all calls that state the same limit. */
  permits(limit: number): Permits {
    const known = this.limits.get(limit)
    if (known !== undefined) return known
    const made = new Permits(limit)
    this.limits.set(limit, made)
    return made
  }
}

/** What the calls to one cloud have in common. */
export class CloudState {
  /** What the last reply said about the service's clock, whichever host it came from. */
  clockOffset = 0
  private readonly hosts = new Map<string, HostState>()
  private readonly endpoints = new WeakMap<object, WeakMap<object, WeakMap<Policy, Resolved>>>()

  /** The state of a host's calls. */
  host(name: string): HostState {
    const known = this.hosts.get(name)
    if (known !== undefined) return known
    const made = new HostState(this)
    this.hosts.set(name, made)
    return made
  }

  /** The endpoint for a policy, other settings and a configuration, where a call over such a client has needed it. */
  known(
    client: HttpClient.HttpClient,
    policy: Policy,
    settings: object,
    config: ConfigProvider,
    resolve: Resolve
  ): Endpoint | undefined {
    const found = this.endpoints.get(anchorsOf(client)[0])?.get(settings)?.get(policy)
    return found?.config === config && found.resolve === resolve ? found.endpoint : undefined
  }

  /** The same, resolved where nobody has needed it yet. */
  endpoint(
    client: HttpClient.HttpClient,
    policy: Policy,
    settings: object,
    config: ConfigProvider,
    resolve: Resolve
  ): Effect.Effect<Endpoint, StsConfigError> {
    const known = this.known(client, policy, settings, config, resolve)
    if (known !== undefined) return Effect.succeed(known)
    return Effect.map(resolve(policy), (endpoint) => {
      const [root] = anchorsOf(client)
      const bySettings = this.endpoints.get(root) ?? new WeakMap<object, WeakMap<Policy, Resolved>>()
      const byPolicy = bySettings.get(settings) ?? new WeakMap<Policy, Resolved>()
      this.endpoints.set(root, bySettings.set(settings, byPolicy.set(policy, { config, resolve, endpoint })))
      return endpoint
    })
  }
}

/**
 * Notes how far the service's clock is off according to a reply, and returns it; undefined where the reply does not
 * say, or where the policy does not correct the clock.
 */
export const noteTime = (
  state: { clockOffset: number },
  trip: RoundTrip,
  { correctClockSkew, maxClockSkewRoundTrip }: Policy
): number | undefined => {
  const offset = correctClockSkew ? offsetMillis(trip, maxClockSkewRoundTrip) : undefined
  if (offset !== undefined) state.clockOffset = offset
  return offset
}

/** The state of one layer. */
class State {
  readonly alibaba = new CloudState()
  readonly aws = new CloudState()
}

type Anchors = readonly [object, ...ReadonlyArray<object>]

const anchors = new WeakMap<HttpClient.HttpClient, Anchors>()

/**
 * What a client and those that are made of it have in common: who sends, where it is one of this package's; else the
 * half that a decoration leaves as it was.
 */
const anchorsOf = (client: HttpClient.HttpClient): Anchors => {
  const known = anchors.get(client)
  if (known !== undefined) return known
  const { postprocess, preprocess } = client as { postprocess?: object; preprocess?: object }
  const sender = senderOf(client)
  // Clients of the platform begin with this one, whatever they have in common besides.
  const own = preprocess === Effect.succeed ? undefined : preprocess
  const [root = client, ...others] = (sender === undefined ? [postprocess, own] : [sender]).filter(
    (half) => half !== undefined
  )
  const found: Anchors = [root, ...others]
  anchors.set(client, found)
  return found
}

const states = new WeakMap<object, State>()

/**
 * The state of the calls that are made over a client, decorated or not. For a client that is not known in any part, the
 * signer tells whose it is.
 */
export const stateOf = (cloud: Cloud, client: HttpClient.HttpClient, signer?: object): CloudState => {
  const own = anchorsOf(client)
  const usual = states.get(own[0])
  if (usual !== undefined && own.length === 1 && (signer === undefined || states.has(signer))) {
    return usual[cloud]
  }
  const all = signer === undefined ? own : [...own, signer]
  const known = all.find((anchor) => states.has(anchor))
  const state = (known === undefined ? undefined : states.get(known)) ?? new State()
  for (const anchor of all) if (!states.has(anchor)) states.set(anchor, state)
  return state[cloud]
}

/** For a layer that makes clients: they all share one state, however often the layer is built. */
export const keeper = (): ((client: HttpClient.HttpClient) => HttpClient.HttpClient) => {
  const state = new State()
  return (client) => {
    states.set(anchorsOf(client)[0], state)
    return client
  }
}

/** A waiter for a permit, with what the queue needs to know of it. */
export interface Waiter {
  /** Called once it has the permit. */
  readonly wake: () => void
  before: Waiter | undefined
  after: Waiter | undefined
  waits: boolean
}

/**
 * A semaphore that is first come, first served. At each release Effect's own looks at every waiter, so that each call
 * costs more the more callers there are; here a released permit goes to the first in the queue, and whoever leaves the
 * queue is removed at once.
 */
export class Permits {
  private free: number
  private first: Waiter | undefined
  private last: Waiter | undefined

  constructor(limit: number) {
    this.free = limit
  }

  /** Takes a permit if one is free, which is never so while others wait. */
  take(): boolean {
    if (this.free === 0) return false
    this.free--
    return true
  }

  /** Gives a permit back, to the first in the queue if there is one. */
  release(): void {
    const { first } = this
    if (first === undefined) {
      this.free++
      return
    }
    this.leave(first)
    first.wake()
  }

  /** Joins the queue. */
  enter(waiter: Waiter): void {
    waiter.waits = true
    waiter.before = this.last
    if (this.last === undefined) this.first = waiter
    else this.last.after = waiter
    this.last = waiter
  }

  /** Leaves the queue, if it is in it. */
  leave(waiter: Waiter): void {
    if (!waiter.waits) return
    waiter.waits = false
    const { after, before } = waiter
    if (before === undefined) this.first = after
    else before.after = after
    if (after === undefined) this.last = before
    else after.before = before
    waiter.before = waiter.after = undefined
  }
}
