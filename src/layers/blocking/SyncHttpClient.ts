/**
 * The HTTP client for `Effect.runSync`: the same exchanges as `src/layers/HttpClient.ts` makes, in a worker.
 */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import type { StsConfigError } from "../../schemas/StsError.js"
import * as BufferedClient from "../../services/BufferedClient.js"
import type { ClientError } from "../../services/clientError.js"
import { type ClientOptions, check } from "../clientOptions.js"
import type { Settings } from "../connections.js"
import { makePrepare, type Prepare, toExit } from "../outgoing.js"
import type { HttpWorker } from "./HttpWorker.js"
import type { ParkingLot } from "./ParkingLot.js"
import { working } from "./working.js"

/** What can be set; proxies come from the environment otherwise. */
export interface Options extends ClientOptions {}

const sender =
  (lot: ParkingLot, worker: HttpWorker, prepare: Prepare["request"], settings: Settings) =>
  (
    request: HttpClientRequest.HttpClientRequest
  ): Effect.Effect<BufferedClient.BufferedResponse, ClientError> =>
    Effect.withFiber((fiber) => {
      const prepared = prepare(request, fiber.context)
      if (Result.isFailure(prepared)) return Effect.fail(prepared.failure)
      const outcome = working<BufferedClient.Outcome>(lot, worker, () =>
        worker.send(settings, prepared.success)
      )
      return Effect.flatMap(outcome, (settled) => toExit(request, settled))
    })

/** The client over a worker. */
export const make = (
  lot: ParkingLot,
  worker: HttpWorker,
  options: Options = {}
): Effect.Effect<HttpClient.HttpClient, StsConfigError> =>
  Effect.map(check(options), ({ proxyFor, settings }) =>
    BufferedClient.make(sender(lot, worker, makePrepare(proxyFor).request, settings))
  )
