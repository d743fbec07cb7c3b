/** What a refresher is asked by many, and a scripted source behind it. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { Refreshing } from "../../src/index.js"
import type { ScriptedSource } from "../support/renewable.js"
export const gives = (seconds: number, takes = 100) => ({ _tag: "Gives", seconds, takes }) as const
export const isDown = { _tag: "IsDown", takes: 100 } as const
export const refuses = { _tag: "Refuses", takes: 100 } as const

export const wave = <A, E>(count: number, effect: Effect.Effect<A, E>) =>
  Effect.all(
    Array.from({ length: count }, () => effect),
    { concurrency: "unbounded" }
  )

/** Runs an effect while a second passes. */
export const aSecond = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.flatMap(Effect.forkChild(effect), (fiber) =>
    Effect.andThen(TestClock.adjust("1 second"), Fiber.join(fiber))
  )

export const warm = (source: ScriptedSource) =>
  Effect.tap(
    Effect.sync(() => Refreshing.make("aws", source)),
    ({ get }) => aSecond(get)
  )
