/** Starts the program: runs its command line, is stopped by signals, and tells what became of it. */
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { type Parts, run } from "./run.js"
import { signals } from "./stop.js"

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
