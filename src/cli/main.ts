/** The program: finds the command, runs it, and tells what became of it. */
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
import { failureOfCause, render } from "./failure.js"
import { load } from "./root.js"
import { signals } from "./stop.js"
import { version } from "./version.js"

const args = process.argv.slice(2)
const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args
const json = own.includes("--json")

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

const run = async (): Promise<Exit.Exit<void, unknown>> => {
  const root = await load((name) => own.includes(name) || own.includes("--completions"))
  const fiber = Effect.runFork(
    Command.runWith(root, { version, renderErrors: false })(args).pipe(Effect.provide(services))
  )
  for (const [signal, status] of Object.entries(signals)) {
    process.once(signal, () => {
      process.exitCode = status
      fiber.interruptUnsafe()
    })
  }
  return Effect.runPromise(Fiber.await(fiber))
}

// Who read the output is gone, and nobody is left to tell.
process.stdout.once("error", () => process.exit())

void run().then((exit) => {
  const failure = Exit.isSuccess(exit) ? undefined : failureOfCause(exit.cause)
  if (failure === undefined) return
  process.exitCode = failure.status
  process.stderr.write(`${render(failure, json)}\n`)
})
