/**
 * Codes of multi-factor authentication devices, asked for at the terminal while everything waits.
 *
 * @since 0.1.0
 */
import { closeSync, openSync, readSync, writeSync } from "node:fs"
import { platform } from "node:os"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type Answer, type AskTerminal, terminalLayer, terminalPaths } from "../../services/MfaTokenCode.js"

const paths = terminalPaths(platform())
const longestLine = 1024

const withFile = <A>(path: string, use: (descriptor: number) => A): A => {
  const descriptor = openSync(path, "r+")
  try {
    return use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

// A terminal hands out whole lines.
const readLine = (descriptor: number): Answer => {
  const line = Buffer.alloc(longestLine)
  const length = readSync(descriptor, line, 0, longestLine, null)
  return length === 0 ? "end of input" : Redacted.make(line.toString("utf8", 0, length).trimEnd())
}

const ask: AskTerminal = (question) =>
  Effect.sync(() => {
    try {
      withFile(paths.output, (output) => writeSync(output, question))
      return withFile(paths.input, readLine)
    } catch {
      return "no terminal"
    }
  })

/**
 * Asks the person at this process's terminal for codes of multi-factor authentication devices, past redirected
 * output. Everything waits for the answer.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never> = terminalLayer(ask)
