/**
 * Asks a source while every observer watches, under a clock that takes no real time.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { type CredentialErrorReason, type SourceError, StsConfigError } from "../../src/index.js"
import { holdsTokenCode } from "../leaks/planted.js"
import { printouts } from "../leaks/printouts.js"
import { type Planted, search } from "../leaks/search.js"
import { watched } from "../leaks/watched.js"
import { VirtualClock } from "../support/time.js"
import { commandSecret, secrets } from "./secrets.js"
import type { Given, Listed } from "./withSource.js"

// Where an error was made tells no secret, and takes long to find out.
Error.stackTraceLimit = 0

const noon = Date.UTC(2026, 0, 1, 12)

/** Longer than any source may take. */
const patience = 600_000
const step = 1_000

/** Lets go of the thread. What waits for nothing never does, and the test runner gives up on a worker that is deaf for long. */
const breath = Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))

/** Runs a program whose waiting takes no time; whether it ends at all. */
export const inNoTime = <A, E>(program: (clock: VirtualClock) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const clock = new VirtualClock()
    clock.jump(noon)
    return Effect.gen(function* () {
      yield* breath
      const fiber = yield* Effect.forkDetach(Effect.provideService(program(clock), Clock.Clock, clock))
      // In steps: what takes many turns and no time is not to be overtaken by its own time limit.
      for (let passed = 0; passed < patience; passed += step) {
        if (Option.isSome(yield* Effect.sync(() => Option.fromNullishOr(fiber.pollUnsafe()))))
          return yield* Fiber.join(fiber)
        yield* clock.pass(step)
      }
      return yield* Effect.die(new Error("it hangs"))
    })
  })

const planted: Planted = { ...secrets, commandSecret }

/** The secrets that a text holds. */
export const found = (text: string, sought: Planted = planted): ReadonlyArray<string> => [
  ...search(text, sought),
  ...(holdsTokenCode(text) ? ["tokenCode"] : [])
]

/** The ways by which secrets get out of named texts. */
export const leaks = (texts: Readonly<Record<string, string>>, sought?: Planted): ReadonlyArray<string> =>
  found(Object.values(texts).join("\n"), sought).length === 0
    ? []
    : Object.entries(texts).flatMap(([path, text]) =>
        found(text, sought).map((secret) => `${path}: ${secret}`)
      )

/** What an effect comes to, and by which ways secrets get out of it. */
export const observed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(watched(effect), ({ result, texts }) => ({
    result,
    logs: texts["log lines, string"] ?? "",
    leaks: leaks({ ...texts, ...Object.fromEntries(printouts(result)) })
  }))

/** The access key of credentials, or what an error says. */
export const told = (result: Given | SourceError): string =>
  "accessKeyId" in result ? result.accessKeyId : result.message

/** What asking a source comes to. */
export type Outcome =
  | CredentialErrorReason
  | "a setting's error"
  | "its credentials"
  | "those of somebody else"
  | "an error or its credentials"
  | "an error without its source"
  | "an error without its file"

/**
 * The reason of an error that says what failed and in which file, which may also be one that it reads besides; or that
 * a source gave its own credentials.
 */
export const outcomeOf = ({ id, place }: Listed, result: Given | SourceError, read?: string): Outcome => {
  if ("accessKeyId" in result) return result.accessKeyId === id ? "its credentials" : "those of somebody else"
  if (result instanceof StsConfigError) return "a setting's error"
  const { message, reason, source } = result
  if (!message.includes(source)) return "an error without its source"
  const files = [place, read].filter((file) => file !== undefined)
  const told = files.length === 0 || files.some((file) => message.includes(file))
  return told ? reason : "an error without its file"
}
