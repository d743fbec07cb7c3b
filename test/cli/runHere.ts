/** The program in this process, where a test needs it a thousand times or looks at how it ends alone. */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { whole } from "../../src/cli/commands.js"
import { run } from "../../src/cli/run.js"

/** Runs a command line. The environment is this process's as it is now: Effect's own is that of the first time. */
export const runHere = (args: ReadonlyArray<string>) =>
  Effect.runPromise(
    run(args, {
      ...whole,
      services: Layer.merge(whole.services ?? Layer.empty, ConfigProvider.layer(ConfigProvider.fromEnv()))
    })
  )
