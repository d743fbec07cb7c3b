/**
 * Asks a source while every observer watches, under a clock that takes no real time.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { SourceError } from "../../src/index.js"
import { holdsTokenCode } from "../leaks/planted.js"
import { printouts } from "../leaks/printouts.js"
import { type Planted, search } from "../leaks/search.js"
import { watched } from "../leaks/watched.js"
import { VirtualClock } from "../support/virtualClock.js"
import type { Given } from "./machine.js"
import { commandSecret, secrets } from "./secrets.js"

const noon = Date.UTC(2026, 0, 1, 12)

/** Longer than any source may take. */
const patience = 600_000

/** Runs a program whose waiting takes no time; whether it ends at all. */
export const inNoTime = <A, E>(program: (clock: VirtualClock) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const clock = new VirtualClock()
    clock.jump(noon)
    return Effect.gen(function* () {
      const fiber = yield* Effect.forkDaemon(Effect.withClock(program(clock), clock))
      yield* clock.pass(patience)
      const done = yield* Fiber.poll(fiber)
      if (done._tag === "None") return yield* Effect.dieMessage("it hangs")
      return yield* Fiber.join(fiber)
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
export const witnessed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(watched(effect), ({ result, texts }) => ({
    result,
    logs: texts["log lines, string"] ?? "",
    leaks: leaks({ ...texts, ...Object.fromEntries(printouts(result)) })
  }))

/** The access key of credentials, or what an error says. */
export const told = (result: Given | SourceError): string =>
  "accessKeyId" in result ? result.accessKeyId : result.message
