/**
 * What blocking mode leans on, and how it goes on wherever a program comes under its scheduler.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Scheduler from "effect/Scheduler"
import * as FastCheck from "fast-check"
import { AlibabaBlocking, AwsBlocking } from "../../../src/blocking.js"
import * as Blocking from "../../../src/layers/blocking/Blocking.js"
import { timeLimit } from "../../../src/services/fiber.js"

const layer = Blocking.layerWith({ proxy: false })

const nap = Effect.as(Effect.sleep(5), 1)

const countingTo = (end: number): Effect.Effect<void> =>
  Effect.suspend(() => {
    let count = 0
    return Effect.whileLoop({ while: () => count < end, body: () => Effect.void, step: () => void count++ })
  })

/** More steps than a fiber may take without giving way. */
const counting = countingTo(5_000)

const warm = () => {
  const runtime = ManagedRuntime.make(layer)
  runtime.runSync(Effect.void)
  return runtime
}

describe("Effect", () => {
  it("flushes the dispatcher of a runSync's root fiber once it waits, and takes what it has come to by then", () => {
    const outer = new Scheduler.MixedScheduler("sync")
    const tasks: Array<() => void> = []
    let flushed = 0
    const dispatcher: Scheduler.SchedulerDispatcher = {
      scheduleTask: (task) => void tasks.push(task),
      flush: () => {
        flushed++
        for (const task of tasks.splice(0)) task()
      }
    }
    const ours: Scheduler.Scheduler = {
      executionMode: "sync",
      makeDispatcher: () => dispatcher,
      shouldYield: (fiber) => fiber.currentDispatcher !== dispatcher && outer.shouldYield(fiber)
    }
    const program = Effect.callback<number>((resume) => {
      dispatcher.scheduleTask(() => resume(Effect.succeed(1)), 0)
    })
    const exit = Effect.runSync(
      Effect.provideService(Effect.andThen(Effect.void, program), Scheduler.Scheduler, ours)
    )
    assert.strictEqual(exit, 1)
    assert.strictEqual(flushed, 1)
  })
})

describe("a program", () => {
  const within = <A, E>(program: Effect.Effect<A, E>) => Effect.provide(program, Layer.orDie(layer))
  const steps: Readonly<Record<string, Effect.Effect<unknown>>> = {
    "waits twice": Effect.andThen(within(nap), within(nap)),
    "counts before it comes": Effect.andThen(counting, within(nap)),
    "counts before it comes to Alibaba Cloud": Effect.andThen(
      counting,
      Effect.provide(nap, Layer.orDie(AlibabaBlocking.layer))
    ),
    "counts before it comes to AWS": Effect.andThen(
      counting,
      Effect.provide(nap, Layer.orDie(AwsBlocking.layer))
    ),
    "counts before it comes among other layers, cooperatively": Blocking.cooperative(
      Effect.andThen(counting, Effect.provide(nap, Layer.mergeAll(Layer.orDie(layer), Layer.empty)))
    ),
    "counts while it is here": within(Effect.andThen(counting, nap)),
    "counts after it has left": Effect.andThen(within(nap), counting),
    "comes, leaves, counts and comes again": Effect.andThen(
      within(nap),
      Effect.andThen(counting, within(Effect.andThen(nap, counting)))
    ),
    "comes and leaves while it counts": Effect.forEach(
      Array.from({ length: 400 }, (_, index) => index),
      () =>
        Effect.andThen(
          Blocking.cooperative(Effect.void),
          Effect.forEach([1, 2, 3, 4, 5, 6], () => Effect.void)
        )
    ),
    "forks before it comes": Effect.flatMap(Effect.forkChild(Effect.succeed(1)), (fiber) =>
      Effect.andThen(within(nap), Fiber.join(fiber))
    ),
    "forks here": within(Effect.flatMap(Effect.forkChild(nap), Fiber.join)),
    "has its waits one by one": Effect.andThen(Blocking.cooperative(nap), Blocking.cooperative(nap))
  }
  /** Programs that wait for nothing but each other's turns, so that they end wherever they come and leave. */
  const { program } = FastCheck.letrec<{ program: Effect.Effect<unknown> }>((tie) => ({
    program: FastCheck.oneof(
      { depthSize: "small", withCrossShrink: true },
      FastCheck.constantFrom(3, 500, 1_500, 3_000).map(countingTo),
      tie("program").map((one) => Blocking.cooperative(one)),
      tie("program").map((one) => Effect.orDie(timeLimit(one, 60_000, () => "late"))),
      tie("program").map((one) =>
        Effect.flatMap(Effect.forkChild(Effect.void), (fiber) => Effect.andThen(one, Fiber.join(fiber)))
      ),
      FastCheck.array(tie("program"), { maxLength: 3 }).map((several) =>
        Effect.forEach(several, (one) => one)
      )
    )
  }))

  it("completes wherever it yields", () => {
    FastCheck.assert(
      FastCheck.property(program, (one) => {
        Effect.runSync(one)
      }),
      { numRuns: 1_000 }
    )
  })

  for (const [name, step] of Object.entries(steps)) {
    it(`that ${name} completes`, () => {
      Effect.runSync(step)
      Effect.runSync(Effect.forEach([1, 2, 3], () => step))
      Effect.runSync(Effect.andThen(counting, step))
    })
  }
})

describe("a managed runtime that was in use before", () => {
  const ways: Readonly<Record<string, Effect.Effect<unknown>>> = {
    "a wait": nap,
    "waits in a row": Effect.forEach([1, 2, 3], () => nap),
    "waits after it has counted": Effect.andThen(counting, Effect.andThen(nap, Effect.andThen(counting, nap)))
  }
  for (const [name, program] of Object.entries(ways)) {
    it(`runs ${name}`, () => {
      warm().runSync(program)
    })
  }

  it("lets several fibers wait in a cooperative program", () => {
    const all = Effect.all([nap, Effect.timeout(nap, "10 seconds"), nap], { concurrency: 3 })
    assert.deepStrictEqual(warm().runSync(Blocking.cooperative(all)), [1, 1, 1])
  })

  it("fails at once with a hint when several fibers wait otherwise", () => {
    const both = Effect.all([Effect.sleep("1 hour"), Effect.sleep("1 hour")], { concurrency: 2 })
    assert.throws(() => warm().runSync(both), Blocking.CooperationError, /Blocking\.cooperative/)
    assert.throws(
      () => warm().runSync(Effect.timeout(Effect.sleep("1 hour"), "2 hours")),
      Blocking.CooperationError
    )
  })

  it("fails at once with Effect's error when only a later fiber waits", () => {
    const joined = Effect.flatMap(Effect.forkChild(Effect.sleep("1 hour")), Fiber.join)
    assert.throws(() => warm().runSync(joined), /asynchronous/)
  })
})

describe("a managed runtime with a layer that waits while it is built", () => {
  const waiting = () => ManagedRuntime.make(Layer.provideMerge(Layer.effectDiscard(nap), layer))

  it("fails at once with Effect's error when used before it is built", () => {
    assert.throws(() => waiting().runSync(Effect.void), /asynchronous/)
  })

  it("works once its context was built cooperatively", () => {
    const runtime = waiting()
    Effect.runSync(Blocking.cooperative(runtime.contextEffect))
    assert.strictEqual(runtime.runSync(nap), 1)
  })
})
