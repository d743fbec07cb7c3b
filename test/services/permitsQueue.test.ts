import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as FastCheck from "fast-check"
import { Permits, type Waiter } from "../../src/services/Client.js"
import { property } from "../support/properties.js"

/** Somebody who comes at a moment, works for a while and may give up at another. */
const visitor = FastCheck.record({
  at: FastCheck.integer({ min: 0, max: 50 }),
  works: FastCheck.integer({ min: 1, max: 20 }),
  givesUpAfter: FastCheck.option(FastCheck.integer({ min: 0, max: 40 }), { nil: undefined })
})

const withPermit = <A>(permits: Permits, work: Effect.Effect<A>): Effect.Effect<A> =>
  Effect.suspend(() => {
    let holds = permits.take()
    let resume = (_: Effect.Effect<void>) => {}
    const waiter: Waiter = {
      wake: () => {
        holds = true
        resume(Effect.yieldNow)
      },
      before: undefined,
      after: undefined,
      waits: false
    }
    const inLine = Effect.callback<void>((resumed) => {
      resume = resumed
      permits.enter(waiter)
    })
    return Effect.ensuring(
      Effect.suspend(() => (holds ? work : Effect.andThen(inLine, work))),
      Effect.sync(() => {
        permits.leave(waiter)
        if (holds) permits.release()
      })
    )
  })

describe("the queue for permits", () => {
  property(
    "never lets too many through, loses nobody and keeps the order",
    [FastCheck.integer({ min: 1, max: 4 }), FastCheck.array(visitor, { maxLength: 25 })],
    ([limit, visitors]) =>
      Effect.gen(function* () {
        const permits = new Permits(limit)
        const started: Array<number> = []
        let working = 0
        const work = (index: number, millis: number) =>
          withPermit(
            permits,
            Effect.acquireUseRelease(
              Effect.sync(() => {
                working++
                started.push(index)
                assert.isAtMost(working, limit)
              }),
              () => Effect.sleep(millis),
              () => Effect.sync(() => working--)
            )
          )
        const coming = [...visitors].sort((a, b) => a.at - b.at)
        const fibers = yield* Effect.forEach(coming, ({ at, givesUpAfter, works }, index) =>
          Effect.forkChild(
            Effect.delay(
              givesUpAfter === undefined
                ? work(index, works)
                : Effect.timeoutOption(work(index, works), givesUpAfter),
              at
            )
          )
        )
        yield* TestClock.adjust("10 seconds")
        yield* Effect.forEach(fibers, Fiber.join)
        assert.strictEqual(working, 0)
        const patient = coming.flatMap(({ givesUpAfter }, index) =>
          givesUpAfter === undefined ? [index] : []
        )
        assert.includeMembers(started, patient)
        assert.deepStrictEqual(
          started.map((index) => coming[index]?.at),
          started.map((index) => coming[index]?.at).sort((a = 0, b = 0) => a - b)
        )
        // The permits are all there again.
        yield* Effect.timeout(
          Effect.all(Array.from({ length: limit }, () => withPermit(permits, Effect.void))),
          1
        ).pipe(Effect.forkChild, Effect.tap(TestClock.adjust("1 second")), Effect.flatMap(Fiber.join))
      }),
    60
  )
})
