import * as Effect from "effect/Effect"
import { Blocking } from "../../src/blocking.js"
import { exchangesOf } from "./exchanges.js"

exchangesOf([
  {
    name: "under runSync",
    concurrency: 1,
    run: async (effect) => Effect.runSync(Effect.provide(effect, Blocking.layerWith({ proxy: false })))
  }
])
