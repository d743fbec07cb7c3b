/** `explain`: where credentials come from, and why from there. */
import process from "node:process"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { statusOf } from "./failure.js"
import { print } from "./output.js"
import * as Session from "./session.js"
import { Json } from "./settings.js"
import type { Cloud } from "./source.js"
import { plain } from "./values.js"

/** The command. It ends with the status of missing credentials where there are none. */
export const explain = (cloud: Cloud) =>
  Command.make("explain", Session.flags, (session) =>
    Effect.gen(function* () {
      const explanation = yield* cloud.explain(session)
      yield* print(
        (yield* Json) ? JSON.stringify(plain(explanation, false), undefined, 2) : explanation.render()
      )
      if (explanation.credentials === undefined) process.exitCode = statusOf("StsCredentialError")
    })
  ).pipe(Command.withDescription("Show where credentials come from, and why."))
