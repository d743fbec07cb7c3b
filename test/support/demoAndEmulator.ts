/** The demo and its emulator without the command line around them, for either major of Effect. */
import * as Effect from "effect/Effect"
import { play } from "../../src/cli/demo/play.js"
import { asJson } from "../../src/cli/emulator/description.js"
import { EmulatorServer } from "../../src/testing.js"

const serve = Effect.flatMap(EmulatorServer.EmulatorServer, ({ endpoint }) => {
  process.stdout.write(`${asJson(endpoint)}\n`)
  return Effect.never
}).pipe(Effect.provide(EmulatorServer.layer))

await Effect.runPromise(process.argv[2] === "emulator" ? serve : play(false))
