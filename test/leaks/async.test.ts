import * as Effect from "effect/Effect"
import { clients } from "../support/runners.js"
import { exchangesOf } from "./exchanges.js"

exchangesOf(
  Object.entries(clients).map(([name, client]) => ({
    name,
    concurrency: 4,
    run: (effect) => Effect.runPromise(Effect.provide(effect, client))
  }))
)
