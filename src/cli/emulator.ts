/** `emulator`: serves an emulator until it is told to stop. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { EmulatorServer } from "../testing.js"
import { asJson, asText, asVariables } from "./emulator/description.js"
import { readSeed } from "./emulatorSeed.js"
import { named, UsageError, untilStopped } from "./endings.js"
import { print } from "./output.js"
import { host, Json, optional, port } from "./settings.js"

const flags = {
  port: port("The port to listen on; any free one by default.").pipe(Flag.withDefault(0)),
  host: host("The address to listen on; use 0.0.0.0 in a container."),
  seed: optional(
    "seed",
    "FILE",
    "A JSON file of accounts, users, roles, trust and identity providers; docs/emulator-seed.schema.json describes it."
  ),
  env: Flag.Boolean("env").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Print the endpoint and keys as variables for a shell.")
  )
}

/** What somebody else put into it is known to them. */
const seededText = (endpoint: string): string =>
  `The emulator listens on ${endpoint}. Stop it with Ctrl-C.\n\n${asVariables(endpoint, false)}`

/** The command. */
export const emulator = Command.make("emulator", flags, ({ env, host, port, seed }) =>
  Effect.gen(function* () {
    const json = yield* Json
    if (env && json)
      return yield* new UsageError({
        message: "--env is for a shell and --json is for programs: give one of them."
      })
    const options = yield* Option.match(seed, { onNone: () => Effect.succeed({}), onSome: readSeed })
    yield* Effect.gen(function* () {
      const { endpoint } = yield* EmulatorServer.EmulatorServer
      const seeded = Option.isSome(seed)
      if (json) yield* print(seeded ? JSON.stringify({ endpoint }) : asJson(endpoint))
      else if (env) yield* print(asVariables(endpoint, !seeded))
      else yield* print(seeded ? seededText(endpoint) : asText(endpoint).trimEnd())
      yield* untilStopped
    }).pipe(
      Effect.provide(EmulatorServer.layerWith({ ...options, host, port })),
      Effect.mapError(named({ host: "--host", port: "--port" }))
    )
  })
)
