/** Names of sessions where nobody states one. */
import * as Effect from "effect/Effect"
import { sessionName } from "../services/Nonce.js"

/**
 * A name that stays the same for as long as the source that holds this lives, so that an audit log shows the sessions
 * of one program together, made when it is first needed.
 */
export const lasting = (): Effect.Effect<string> => {
  let made: string | undefined
  return Effect.suspend(() =>
    made === undefined
      ? Effect.map(sessionName, (name) => {
          made ??= name
          return made
        })
      : Effect.succeed(made)
  )
}
