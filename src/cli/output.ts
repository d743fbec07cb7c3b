/** What the program writes to its standard output. */
import process from "node:process"
import * as Effect from "effect/Effect"
import { Json } from "./settings.js"

/** Prints a text and ends its line. */
export const print = (text: string): Effect.Effect<void> =>
  Effect.callback((resume) => {
    process.stdout.write(`${text}\n`, () => resume(Effect.void))
  })

/** Fields as lines, one under the other. */
const table = (fields: Readonly<Record<string, unknown>>): string => {
  const stated = Object.entries(fields).filter(([, value]) => value !== undefined)
  const width = Math.max(...stated.map(([name]) => name.length))
  return stated.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n")
}

/** Prints fields: lines for people, an object for programs. */
export const show = (fields: Readonly<Record<string, unknown>>) =>
  Effect.flatMap(Json, (json) => print(json ? JSON.stringify(fields) : table(fields)))
