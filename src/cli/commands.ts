/** Every command, loaded when it is asked for, and what only the whole program has. */
import * as Layer from "effect/Layer"
import * as Fleet from "./fleet.js"
import { described } from "./root.js"
import type { Parts } from "./run.js"
import { FleetCache } from "./source.js"

/** The whole program. */
export const whole: Parts = {
  loaders: {
    aws: async () => described((await import("./aws/commands.js")).aws),
    alibaba: async () => described((await import("./alibaba/commands.js")).alibaba),
    emulator: async () => described((await import("./emulator.js")).emulator),
    demo: async () => described((await import("./demo.js")).demo)
  },
  services: Layer.succeed(FleetCache, Fleet.cache)
}
