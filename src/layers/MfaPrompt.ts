/**
 * Codes of multi-factor authentication devices, asked for at the terminal.
 *
 * @since 0.1.0
 */
import { closeSync, openSync, writeSync } from "node:fs"
import { platform } from "node:os"
import { ReadStream } from "node:tty"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type Answer, type AskTerminal, terminalLayer, terminalPaths } from "../services/MfaTokenCode.js"

const paths = terminalPaths(platform())

const show = (question: string): void => {
  const output = openSync(paths.output, "r+")
  try {
    writeSync(output, question)
  } finally {
    closeSync(output)
  }
}

const open = (question: string): ReadStream | undefined => {
  try {
    show(question)
    return new ReadStream(openSync(paths.input, "r+"))
  } catch {
    return undefined
  }
}

const ask: AskTerminal = (question) =>
  Effect.callback((resume) => {
    const input = open(question)
    if (input === undefined) return resume(Effect.succeed("no terminal"))
    let typed = ""
    const answer = (found: Answer) => {
      input.destroy()
      resume(Effect.succeed(found))
    }
    input.setEncoding("utf8")
    input.on("data", (chunk: string) => {
      typed += chunk
      const end = typed.indexOf("\n")
      if (end >= 0) answer(Redacted.make(typed.slice(0, end)))
    })
    input.once("end", () => answer("end of input"))
    input.once("error", () => answer("end of input"))
    return Effect.sync(() => input.destroy())
  })

/**
 * Asks the person at this process's terminal for codes of multi-factor authentication devices, even where output is
 * redirected, and without holding up other fibers.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never> = terminalLayer(ask)
