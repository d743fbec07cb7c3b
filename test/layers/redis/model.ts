/** A fleet over the model of a Redis, in a time that tests let pass. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { namesOf } from "../../../src/protocol/redisEntry.js"
import { FleetSts, purpose } from "../../support/fleetNodes.js"
import { keptLogs } from "../../support/logs.js"
import { RedisModel } from "../../support/redisModel.js"
import { VirtualClock } from "../../support/time.js"
export const start = 1_700_000_000_000
export const minute = 60_000
export const [entryKey = "", leaseKey = ""] = namesOf("aws", purpose).keys

/** Of the test that runs. TestClock would take real time for the days that pass here. */
let clock = new VirtualClock()

/** A fleet's Redis and STS, by the same time. */
export const world = Effect.sync(() => {
  const { currentTimeMillisUnsafe: now } = clock
  const pass = (millis: number) => clock.pass(millis)
  const given = <A, E>(effect: Effect.Effect<A, E>, millis = 3_000) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(effect)
      yield* pass(millis)
      return yield* Fiber.join(fiber)
    })
  return { redis: new RedisModel(now), sts: new FleetSts(now), clock, pass, given }
})

const { layer: logs, messages, warnings } = keptLogs()

export { warnings }

export const scenario = <A, E>(test: Effect.Effect<A, E>) =>
  Effect.suspend(() => {
    messages.length = 0
    warnings.length = 0
    clock = new VirtualClock()
    clock.jump(start)
    return Effect.provideService(test, Clock.Clock, clock)
  }).pipe(Effect.provide(logs))
