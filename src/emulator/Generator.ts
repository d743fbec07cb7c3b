/** Identifiers and secrets. */
import * as Effect from "effect/Effect"
import type { Draw } from "./random.js"

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
const hexadecimal = "0123456789ABCDEF"
const decimal = "0123456789"
const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

/** Where the emulator's identifiers and secrets come from. */
export interface Generator {
  /** Letters and digits. */
  readonly text: (length: number) => Effect.Effect<string>
  /** Digits. */
  readonly digits: (length: number) => Effect.Effect<string>
  /** Capital letters and the digits 2 to 7. */
  readonly base32: (length: number) => Effect.Effect<string>
  /** A request id, in the form of an upper-case UUID. */
  readonly requestId: Effect.Effect<string>
}

// One draw holds several characters: drawing them one by one would cost more than the rest of a request.
const perDraw = 5

const drawn = (draw: Draw, alphabet: string, length: number): Effect.Effect<string> => {
  const base = alphabet.length
  const chunk = Effect.map(draw(base ** perDraw), (number) => {
    let rest = number
    let text = ""
    for (let position = 0; position < perDraw; position++) {
      text += alphabet[rest % base]
      rest = Math.floor(rest / base)
    }
    return text
  })
  return Effect.map(Effect.replicateEffect(chunk, Math.ceil(length / perDraw)), (chunks) =>
    chunks.join("").slice(0, length)
  )
}

const dashed = (text: string): string =>
  [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-")

/** A generator of what is drawn. */
export const make = (draw: Draw): Generator => ({
  text: (length) => drawn(draw, alphanumeric, length),
  digits: (length) => drawn(draw, decimal, length),
  base32: (length) => drawn(draw, base32, length),
  requestId: Effect.map(drawn(draw, hexadecimal, 32), dashed)
})
