/** Runs a command line: finds the command, runs it, is stopped by signals, and tells what became of it. */
import process from "node:process"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { failureOfCause, render, renderWarning, signals } from "./endings.js"
import { version } from "./installation.js"
import { type Loaders, load } from "./root.js"

/** What a program has. */
export interface Parts {
  readonly loaders: Loaders
  /** What its commands use beside their defaults. */
  readonly services?: Layer.Layer<never> | undefined
}

/** What came of a command line that failed. */
export interface Failed {
  readonly status: number
  /** For standard error. */
  readonly told: string
}

const formatter = CliOutput.defaultFormatter({
  colors: process.stdout.isTTY === true && !process.env["NO_COLOR"]
})

// What is asked for goes to standard output; what is missing is said on the other.
const presenter: CliOutput.Presenter = {
  present: (event) =>
    Effect.sync(() => {
      if (event._tag === "Version") process.stdout.write(`effect-sts ${event.version}\n`)
      else if (event._tag === "Help" && event.reason === "Requested")
        process.stdout.write(`${formatter.formatHelpDoc(event.helpDoc)}\n`)
    })
}

const services = Layer.mergeAll(
  NodeServices.layer,
  Layer.succeed(CliOutput.Presenter, presenter),
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] })
)

/** What the library warns of is no answer: other programs read standard output. */
const warnings = (json: boolean) =>
  Logger.layer([
    Logger.make<unknown, void>(({ message }) => {
      process.stderr.write(`${renderWarning([message].flat().join(" "), json)}\n`)
    })
  ])

/** Runs a command line, and gives what failed, unless nothing did or it was interrupted. */
export const run = (
  args: ReadonlyArray<string>,
  { loaders, services: own = Layer.empty }: Parts
): Effect.Effect<Failed | undefined> => {
  const ours = args.includes("--") ? args.slice(0, args.indexOf("--")) : args
  const wanted = (name: string) => ours.includes(name) || ours.includes("--completions")
  const json = ours.some((one) => /^--json(=(true|yes|on|1|y))?$/.test(one))
  return Effect.promise(() => load(loaders, wanted)).pipe(
    Effect.flatMap((root) => Command.runWith(root, { version, renderErrors: false })(args)),
    Effect.provide(Layer.mergeAll(services, warnings(json), own)),
    Effect.matchCause({
      onSuccess: () => undefined,
      onFailure: (cause) => {
        const failure = failureOfCause(cause)
        return failure && { status: failure.status, told: render(failure, json) }
      }
    })
  )
}

/** The same of a program that has these commands. */
export const start = (parts: Parts): void => {
  const fiber = Effect.runFork(run(process.argv.slice(2), parts))

  for (const [signal, status] of Object.entries(signals)) {
    process.once(signal, () => {
      process.exitCode = status
      fiber.interruptUnsafe()
    })
  }

  // Where who read the output is gone, nobody is left to tell. On a full disk somebody would take a part for the whole.
  process.stdout.once("error", ({ code }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") process.exit()
    process.stderr.write(`effect-sts: The output cannot be written (${code}).\n`, () => process.exit(1))
  })
  process.stderr.on("error", () => undefined)

  void Effect.runPromise(Fiber.await(fiber)).then((exit) => {
    const failed = Exit.isSuccess(exit) ? exit.value : undefined
    if (failed === undefined) return
    process.exitCode = failed.status
    process.stderr.write(`${failed.told}\n`)
  })
}
