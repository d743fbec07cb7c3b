/** `emulator`: serves an emulator until it is told to stop. */
import process from "node:process"
import { parseArgs } from "node:util"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { EmulatorServer } from "../testing.js"
import { asJson, asText } from "./emulator/handout.js"

const usage = `Usage: npm run emulator -- [--port N] [--json]

  --port N  the port to listen on; any free one where left out, or 0
  --json    say where and with what in one line of JSON
`

interface Settings {
  readonly port: number
  readonly json: boolean
  readonly help: boolean
}

const settingsOf = (args: ReadonlyArray<string>): Result.Result<Settings, string> =>
  Result.flatMap(
    Result.try({
      try: () =>
        parseArgs({
          args: [...args],
          options: {
            port: { type: "string", default: "0" },
            json: { type: "boolean", default: false },
            help: { type: "boolean", default: false }
          }
        }).values,
      catch: (error) => (error instanceof Error ? error.message : String(error))
    }),
    ({ help, json, port }) =>
      /^\d{1,5}$/.test(port) && Number(port) < 65_536
        ? Result.succeed({ port: Number(port), json, help })
        : Result.fail(`--port must be a number from 0 to 65535, not ${port}`)
  )

const signals = ["SIGINT", "SIGTERM"] as const

// Listened for from the start, so that whoever reads the first line may stop the program at once.
const listenForStop: Effect.Effect<Effect.Effect<void>> = Effect.map(Deferred.make<void>(), (stopped) => {
  for (const signal of signals) process.once(signal, () => Deferred.doneUnsafe(stopped, Effect.void))
  return Deferred.await(stopped)
})

const serveUntil = (stopped: Effect.Effect<void>, settings: Settings) =>
  Effect.gen(function* () {
    const { endpoint } = yield* EmulatorServer.EmulatorServer
    process.stdout.write(settings.json ? `${asJson(endpoint)}\n` : asText(endpoint))
    yield* stopped
    return 0
  }).pipe(Effect.provide(EmulatorServer.layer({ port: settings.port })))

const serve = (settings: Settings): Effect.Effect<number> =>
  Effect.flatMap(listenForStop, (stopped) => serveUntil(stopped, settings)).pipe(
    Effect.catch((error) =>
      Effect.sync(() => {
        process.stderr.write(`${error.message}\n`)
        return 1
      })
    )
  )

/** Serves an emulator until it is told to stop. */
export const run = (args: ReadonlyArray<string>): Promise<number> =>
  Result.match(settingsOf(args), {
    onFailure: async (message) => {
      process.stderr.write(`${message}\n\n${usage}`)
      return 2
    },
    onSuccess: async (settings) => {
      if (!settings.help) return Effect.runPromise(serve(settings))
      process.stdout.write(usage)
      return 0
    }
  })
