/** Where random bytes come from. */
import { randomBytes } from "node:crypto"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** Makes as many bytes as are asked for that nobody can guess; by the system where nobody says otherwise. */
export const RandomBytes = Context.Reference("effect-sts/RandomBytes", {
  defaultValue:
    () =>
    (count: number): Effect.Effect<Uint8Array> =>
      Effect.sync(() => randomBytes(count))
})
