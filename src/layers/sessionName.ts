/**
 * Names of sessions where nobody states one.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { Nonce } from "../services/Nonce.js"

// What every cloud takes in a session's name, and well below the 64 characters that it may have.
const unwanted = /[^A-Za-z0-9]/g
const length = 16

/**
 * A name that stays the same for as long as the source that holds this lives, so that an audit log shows the sessions
 * of one program together: `effect-sts-` and a part of a nonce, made when it is first needed.
 *
 * @category constructors
 * @since 0.1.0
 */
export const lasting = (): Effect.Effect<string> => {
  let made: string | undefined
  return Effect.suspend(() =>
    made === undefined
      ? Effect.map(Effect.flatten(Nonce), (nonce) => {
          made ??= `effect-sts-${nonce.replace(unwanted, "").slice(0, length)}`
          return made
        })
      : Effect.succeed(made)
  )
}
