/**
 * An emulator of the clouds' STS, and of the metadata, container and sign-in endpoints beside it: it verifies what a
 * cloud verifies and answers what a cloud answers. The credentials that it gives anywhere are good at its STS.
 *
 * @since 0.1.0
 */

import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { makeBuffered as bufferedClient } from "../services/Client.js"
import { BufferedResponse, noBody, noReply } from "../services/HttpReply.js"
import { parsedUrlOf } from "../services/HttpRequest.js"
import { type ClientError, withoutReply } from "../services/platformHttp.js"
import type { Account } from "./alibaba/Account.js"
import * as AlibabaSeed from "./alibaba/Seed.js"
import type { Account as AwsAccount } from "./aws/Account.js"
import * as AwsSeed from "./aws/Seed.js"
import { type AlibabaCloud, type AwsCloud, makeAlibaba, makeAws } from "./Cloud.js"
import type { Fault } from "./Fault.js"
import {
  badGatewayReply,
  type Delivery,
  Faults,
  type PlannedFault,
  redirectReply,
  type Scope,
  spoil,
  whole
} from "./Faults.js"
import * as IdentityProvider from "./IdentityProvider.js"
import { RecordedRequest } from "./RecordedRequest.js"
import * as Random from "./random.js"
import type { Answer, Exchange, Service, WireRequest } from "./Service.js"
import { makeGenerator } from "./State.js"
import { keepTrace } from "./window/Trace.js"

type ClientRequest = HttpClientRequest.HttpClientRequest

const utf8 = new TextEncoder()

const bytesOf = (body: HttpBody.HttpBody): Uint8Array | undefined => {
  switch (body._tag) {
    case "Empty":
      return new Uint8Array()
    case "Uint8Array":
      return body.body
    case "Raw":
      return typeof body.body === "string" ? utf8.encode(body.body) : undefined
    default:
      return undefined
  }
}

const wireOf = (request: ClientRequest): Result.Result<WireRequest, ClientError> =>
  Result.gen(function* () {
    const url = yield* Result.fromNullishOr(parsedUrlOf(request), () => withoutReply(request, "InvalidUrl"))
    const body = yield* Result.fromNullishOr(bytesOf(request.body), () => withoutReply(request, "Encode"))
    const type = "contentType" in request.body ? request.body.contentType : undefined
    return {
      method: request.method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: {
        host: url.host,
        ...(type === undefined ? undefined : { "content-type": type }),
        ...request.headers
      },
      body
    }
  })

const receive = (
  request: ClientRequest,
  { bodyMillis, delayMillis, headersMillis, reply, resetAfter }: Delivery
): Effect.Effect<BufferedResponse, ClientError> =>
  Effect.gen(function* () {
    const body = utf8.encode(reply.body)
    const headers = { ...reply.headers, "content-length": String(body.length) }
    const wait = delayMillis + headersMillis + bodyMillis
    if (wait > 0) yield* Effect.sleep(wait)
    if (resetAfter === "headers") return yield* noReply(request, "ECONNRESET")
    if (resetAfter !== undefined) return yield* noBody(request, reply.status, headers, "ECONNRESET")
    return new BufferedResponse(request, reply.status, headers, body)
  })

/** A client whose every request the given handler answers, whatever host it is for. */
const makeClient = (handle: (request: WireRequest) => Effect.Effect<Delivery>): HttpClient.HttpClient =>
  bufferedClient((request) =>
    Effect.flatMap(Effect.fromResult(wireOf(request)), (wire) =>
      Effect.flatMap(handle(wire), (delivery) => receive(request, delivery))
    )
  )

/**
 * Options of the emulator.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The accounts of the emulated Alibaba Cloud. Default: the seeded one. */
  readonly alibaba?:
    | {
        /** All of them. */
        readonly accounts: ReadonlyArray<Account>
      }
    | undefined
  /** The accounts of the emulated AWS. Default: the seeded ones. */
  readonly aws?:
    | {
        /** All of them. */
        readonly accounts: ReadonlyArray<AwsAccount>
      }
    | undefined
  /** Makes identifiers and secrets reproducible. Default: Effect's Random. */
  readonly randomSeed?: string | number | undefined
  /** How many requests are recorded before the oldest is dropped. Default: 10 000. */
  readonly maxRecordedRequests?: number | undefined
}

/**
 * An emulator, as a test controls it.
 *
 * @category models
 * @since 0.1.0
 */
export interface EmulatorService {
  /** A client whose every request is answered here, whatever host it is for. */
  readonly client: HttpClient.HttpClient
  /** Answers one request. */
  readonly handle: (request: WireRequest) => Effect.Effect<Delivery>
  /** The requests so far, oldest first. */
  readonly requests: Effect.Effect<ReadonlyArray<RecordedRequest>>
  /** Clears the recorded requests. */
  readonly clearRequests: Effect.Effect<void>
  /** Injects a fault into the next requests: one, or as many as the scope says. */
  readonly addFault: (fault: Fault, scope?: Scope) => Effect.Effect<void>
  /** The faults that have not happened yet, in their order, each with how often it will happen. */
  readonly faults: Effect.Effect<ReadonlyArray<PlannedFault>>
  /** Removes the faults that have not happened yet. */
  readonly clearFaults: Effect.Effect<void>
  /** The emulator's clock, in milliseconds since 1970: Effect's and the offset. */
  readonly now: Effect.Effect<number>
  /** Sets the emulator's clock ahead of Effect's, or behind it if negative. */
  readonly setClockOffset: (millis: number) => Effect.Effect<void>
  /** The emulated Alibaba Cloud. */
  readonly alibaba: AlibabaCloud
  /** The emulated AWS. */
  readonly aws: AwsCloud
}

/**
 * The emulator that is provided.
 *
 * @category tags
 * @since 0.1.0
 */
export class Emulator extends Context.Service<Emulator, EmulatorService>()("effect-sts/Emulator") {}

const answer = (
  { throttling }: Service,
  exchange: Exchange,
  fault: Fault | undefined,
  now: number
): Effect.Effect<Answer> => {
  switch (fault?._tag) {
    case "BadGateway":
      return Effect.succeed({ reply: badGatewayReply(now), verdict: "BadGateway" })
    case "Redirect":
      return Effect.succeed({ reply: redirectReply(now, fault), verdict: "Redirect" })
    case "Throttled": {
      const error = { ...throttling, status: fault.status }
      return Effect.map(exchange.refuse(now, error), (reply) => ({ reply, verdict: error.code }))
    }
    case "Refused":
      return Effect.map(exchange.refuse(now, fault), (reply) => ({ reply, verdict: fault.code }))
    default:
      return exchange.answer(now)
  }
}

/**
 * Makes an emulator.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): Effect.Effect<EmulatorService> =>
  Effect.gen(function* () {
    let clockOffset = 0
    let recorded: Array<RecordedRequest> = []
    const maxRecorded = options.maxRecordedRequests ?? 10_000
    const faults = new Faults()
    const generator = makeGenerator(yield* Random.make(options.randomSeed))
    const now = Effect.map(Clock.currentTimeMillis, (millis) => millis + clockOffset)
    const around = { ownKey: yield* IdentityProvider.makeKey, generator, now }
    const alibaba = makeAlibaba(options.alibaba?.accounts ?? [AlibabaSeed.account], around)
    const aws = makeAws(options.aws?.accounts ?? AwsSeed.accounts, around)
    // Whatever no other cloud knows as its own is Alibaba Cloud's to refuse.
    const services = [...alibaba.endpoints, ...aws.endpoints, aws.sts]
    const serviceOf = (request: WireRequest): Service =>
      services.find((service) => service.recognises(request)) ?? alibaba.sts

    const record = (request: RecordedRequest): void => {
      recorded.push(request)
      if (recorded.length > maxRecorded) recorded.shift()
    }

    const handle: EmulatorService["handle"] = (request) =>
      Effect.gen(function* () {
        const service = serviceOf(request)
        const exchange = service.open(request)
        const fault = faults.take(exchange.operation)
        const time = (yield* now) + (fault?._tag === "SkewedClock" ? fault.offset : 0)
        const { decisions, message, reply, verdict } = yield* answer(service, exchange, fault, time)
        const recorded = new RecordedRequest(
          {
            cloud: service.name,
            method: request.method,
            path: request.path,
            operation: exchange.operation,
            form: exchange.form,
            verdict,
            fault: fault?._tag,
            status: reply.status,
            requestId: reply.headers[service.headers.requestId],
            at: time
          },
          request.headers,
          exchange.parameters
        )
        record(keepTrace(recorded, { request, message, decisions }))
        return fault === undefined ? whole(reply) : spoil(reply, fault, service.headers.retryAfter)
      })

    return {
      client: makeClient(handle),
      handle,
      requests: Effect.sync(() => [...recorded]),
      clearRequests: Effect.sync(() => {
        recorded = []
      }),
      addFault: (fault, scope) => Effect.sync(() => faults.add(fault, scope)),
      faults: Effect.sync(() => faults.left),
      clearFaults: Effect.sync(() => faults.clear()),
      now,
      setClockOffset: (millis) =>
        Effect.sync(() => {
          clockOffset = millis
        }),
      alibaba: alibaba.cloud,
      aws: aws.cloud
    }
  })

/**
 * What {@link layer} is, with options.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<Emulator | HttpClient.HttpClient> =>
  Layer.effectContext(
    Effect.map(make(options), (emulator) =>
      Context.make(Emulator, emulator).pipe(Context.add(HttpClient.HttpClient, emulator.client))
    )
  )

/**
 * An emulator, and an `HttpClient` whose every request it answers in process.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Alibaba from "effect-sts/alibaba"
 * import { AlibabaSeed, Emulator } from "effect-sts/testing"
 *
 * const cloud = Layer.mergeAll(
 *   Emulator.layer,
 *   Alibaba.SignerAcs3.layer,
 *   Alibaba.Static.layer(AlibabaSeed.keys.user)
 * )
 *
 * const me = await Effect.runPromise(Alibaba.getCallerIdentity().pipe(Effect.provide(cloud)))
 * console.assert(me.arn === AlibabaSeed.arns.user)
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Emulator | HttpClient.HttpClient> = /* @__PURE__ */ layerWith({})
