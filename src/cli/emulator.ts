/** `emulator`: serves an emulator until it is told to stop. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { EmulatorServer } from "../testing.js"
import { asJson, asText } from "./emulator/description.js"
import { print } from "./output.js"
import { Json } from "./settings.js"
import { untilStopped } from "./stop.js"

const port = Flag.Int("port").pipe(
  Flag.filter(
    (value) => value >= 0 && value < 65_536,
    () => "a number from 0 to 65535"
  ),
  Flag.withDefault(0),
  Flag.withDescription("The port to listen on; any free one where left out, or 0.")
)

/** The command. */
export const emulator = Command.make("emulator", { port }, ({ port }) =>
  Effect.gen(function* () {
    const json = yield* Json
    const { endpoint } = yield* EmulatorServer.EmulatorServer
    yield* print(json ? asJson(endpoint) : asText(endpoint).trimEnd())
    yield* untilStopped
  }).pipe(Effect.provide(EmulatorServer.layer({ port })))
)
