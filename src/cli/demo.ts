/** `demo`: the library at work, step by step. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { play } from "./demo/play.js"
import { ProgramError } from "./endings.js"

/** The command. */
export const demo = Command.make(
  "demo",
  {
    live: Flag.Boolean("live").pipe(
      Flag.withDefault(false),
      Flag.withDescription(
        "Use the real service, with the ALIBABA_CLOUD_* and AWS_* variables of the environment."
      )
    )
  },
  ({ live }) =>
    Effect.mapError(
      play(live),
      ({ message }) => new ProgramError({ message: `This did not work: ${message}` })
    )
)
