/** Host names resolved for `Effect.runSync`, in the worker. */
import * as Effect from "effect/Effect"
import { ExchangeFault } from "../../services/BufferedClient.js"
import type { Resolve } from "../HostResolver.js"
import type { HttpWorker } from "./HttpWorker.js"
import type { ParkingLot } from "./ParkingLot.js"
import type { Resolution } from "./worker.js"
import { working } from "./working.js"

/** Asks the system, as {@link "layers/HostResolver"} does. */
export const make =
  (lot: ParkingLot, worker: HttpWorker): Resolve =>
  (name) =>
    Effect.flatMap(
      working<Resolution>(lot, worker, () => worker.resolve(name)),
      (settled) =>
        settled.kind === "addresses"
          ? Effect.succeed(settled.addresses)
          : Effect.fail(new ExchangeFault(settled.code))
    )
