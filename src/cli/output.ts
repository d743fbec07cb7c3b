/** What the program writes to its standard output. */
import process from "node:process"
import * as Effect from "effect/Effect"
import { Json } from "./settings.js"
import { type Plain, plain, table } from "./values.js"

/** Prints a text and ends its line. */
export const print = (text: string): Effect.Effect<void> =>
  Effect.callback((resume) => {
    process.stdout.write(`${text}\n`, () => resume(Effect.void))
  })

/** Every control character but the line feed. */
const controls = /(?!\n)\p{Cc}/gu

/** A text of others' without what steers a terminal. */
export const printable = (text: string): string => text.replace(controls, " ")

/** Prints fields as lines for people. */
export const printTable = (fields: Plain): Effect.Effect<void> => print(printable(table(fields)))

/** Prints fields: lines for people, an object for programs. Secrets are shown where `secrets` says so. */
export const show = (fields: object, secrets = false) =>
  Effect.flatMap(Json, (json) =>
    json
      ? print(JSON.stringify(plain(fields, true), undefined, 2))
      : printTable(plain(fields, secrets) as Plain)
  )
