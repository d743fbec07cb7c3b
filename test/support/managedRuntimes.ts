/**
 * A program that asks who it is, in every way in which a runtime of the blocking layer may be made and used, and prints
 * one line for each: the answer, or what went wrong.
 */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { AlibabaBlocking, AwsBlocking, Blocking } from "../../src/blocking.js"
import { build, runSyncIn } from "./majors.js"

class Asked extends Context.Service<Asked, string>()("test/Asked") {}

const program = <S, E, E1>(call: Effect.Effect<string, E, S>, layer: Layer.Layer<S, E1>) => {
  const asked = Layer.effect(Asked, Effect.tap(call, Effect.sleep(20)))
  const counting = Layer.effectDiscard(
    Effect.suspend(() => {
      let count = 0
      return Effect.whileLoop({
        while: () => count < 10_000,
        body: () => Effect.void,
        step: () => void count++
      })
    })
  )
  const cold = () => ManagedRuntime.make(layer)
  const warm = () => {
    const runtime = cold()
    runtime.runSync(Effect.void)
    return runtime
  }
  const concurrent = Effect.flatMap(Semaphore.make(1), (semaphore) =>
    Effect.all(
      [
        call,
        Effect.timeout(call, "20 seconds"),
        Effect.as(Effect.sleep(30), ""),
        semaphore.withPermits(1)(call),
        semaphore.withPermits(1)(call)
      ],
      {
        concurrency: "unbounded"
      }
    )
  ).pipe(Effect.map((answers) => [...new Set(answers)].join("")))
  /** Some layers wait while they are built. */
  const built = <A, E2>(runtime: ManagedRuntime.ManagedRuntime<A, E2>) => {
    Effect.runSync(Blocking.cooperative(runtime.contextEffect))
    return runtime
  }
  const given = Effect.scoped(build(layer))
  const ways: Readonly<Record<string, () => string | Promise<string>>> = {
    "a cold runtime": () => cold().runSync(call),
    "a cold runtime, twice": () => {
      const runtime = cold()
      return [...new Set([runtime.runSync(call), runtime.runSync(call)])].join()
    },
    "a warm runtime": () => warm().runSync(call),
    "a cold runtime's exit": () => {
      const exit = cold().runSyncExit(call)
      return exit._tag === "Success" ? exit.value : String(exit.cause)
    },
    "fibers in a cold runtime": () => cold().runSync(concurrent),
    "fibers in a warm runtime": () => warm().runSync(Blocking.cooperative(concurrent)),
    "a cold runtime that counts first": () =>
      built(ManagedRuntime.make(Layer.provideMerge(counting, layer))).runSync(call),
    "a layer that counts before": () =>
      built(ManagedRuntime.make(Layer.provideMerge(layer, counting))).runSync(call),
    "a layer that asks while it is built": () =>
      built(ManagedRuntime.make(Layer.provide(asked, layer))).runSync(Asked),
    "layers that ask side by side": () =>
      built(ManagedRuntime.make(Layer.mergeAll(Layer.provide(asked, Layer.fresh(layer)), layer))).runSync(
        Effect.flatMap(Asked, (before) => Effect.map(call, (now) => (before === now ? now : "another")))
      ),
    "one memory of layers": () => {
      const memory = Effect.runSync(Layer.makeMemoMap)
      ManagedRuntime.make(layer, { memoMap: memory }).runSync(call)
      const other = ManagedRuntime.make(layer, { memoMap: memory })
      other.runSync(Effect.void)
      return other.runSync(call)
    },
    "a runtime inside a runSync": () => Effect.runSync(Effect.sync(() => cold().runSync(call))),
    "a runtime inside its own": () => {
      const runtime = cold()
      return runtime.runSync(Effect.sync(() => runtime.runSync(call)))
    },
    "a cold runtime that is provided": () =>
      Effect.runSync(Effect.flatMap(cold().contextEffect, (context) => Effect.provide(call, context))),
    "Layer.toRuntime": () => runSyncIn(Effect.runSync(given))(call),
    "Layer.toRuntime, provided where it is made": () =>
      Effect.runSync(Effect.scoped(Effect.flatMap(build(layer), (runtime) => Effect.provide(call, runtime)))),
    "Layer.build": () =>
      Effect.runSync(
        Effect.scoped(Effect.flatMap(Layer.build(layer), (context) => Effect.provide(call, context)))
      ),
    "Layer.buildWithScope": () => {
      const scope = Effect.runSync(Scope.make())
      const context = Effect.runSync(Layer.buildWithScope(layer, scope))
      const answer = Effect.runSync(Effect.provide(call, context))
      Effect.runSync(Scope.close(scope, Effect.runSync(Effect.exit(Effect.void))))
      return answer
    },
    "the layer": () => Effect.runSync(Effect.provide(call, layer)),
    "a cold runtime's promise": () => cold().runPromise(concurrent),
    "a promise, then runSync": async () => {
      const runtime = cold()
      return [...new Set([await runtime.runPromise(call), runtime.runSync(call)])].join()
    },
    "runSync, then a promise, then the end": async () => {
      const runtime = cold()
      const answers = new Set([runtime.runSync(call), await runtime.runPromise(call), runtime.runSync(call)])
      await runtime.dispose()
      return [...answers].join()
    },
    "runSync, then the end under runSync": () => {
      const runtime = cold()
      const answer = runtime.runSync(call)
      Effect.runSync(runtime.disposeEffect)
      return answer
    }
  }
  return ways
}

const ways =
  process.argv[2] === "aws"
    ? program(
        Effect.map(Aws.getCallerIdentity(), ({ arn }) => arn),
        AwsBlocking.layer
      )
    : program(
        Effect.map(Alibaba.getCallerIdentity(), ({ arn }) => arn),
        AlibabaBlocking.layer
      )

const tell = (...line: ReadonlyArray<string>) => process.stdout.write(`${JSON.stringify(line)}\n`)

for (const [name, run] of Object.entries(ways)) {
  try {
    tell(name, await run())
  } catch (error) {
    tell(name, String(error))
  }
}
