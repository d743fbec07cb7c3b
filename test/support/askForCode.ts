/**
 * Asks at the terminal for a code, by the way that the first argument names, and tells what came of it.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { MfaPrompt as BlockingPrompt } from "../../src/blocking.js"
import { MfaTokenCode } from "../../src/index.js"
import { MfaPrompt } from "../../src/node.js"

const code = Effect.flatMap(MfaTokenCode, (ask) => ask("alice")).pipe(
  Effect.match({
    onFailure: ({ message }) => message,
    onSuccess: (typed) => (Redacted.value(typed) === "123456" ? "right" : "wrong")
  })
)

const told =
  process.argv[2] === "blocking"
    ? Effect.runSync(Effect.provide(code, BlockingPrompt.layer))
    : await Effect.runPromise(Effect.provide(code, MfaPrompt.layer))

process.stdout.write(`${told}\n`)
process.exitCode = told === "right" ? 0 : 1
