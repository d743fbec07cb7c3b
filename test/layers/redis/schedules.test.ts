/**
 * No schedule of reads, deaths, stops, outages and failures makes two holders of one lease, lets an older holder overwrite
 * a newer one, serves what has ended where something valid could be had, or makes anybody wait for ever.
 */
import { assert, describe } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as FastCheck from "fast-check"
import type { Credentials } from "../../../src/schemas/aws/Credentials.js"
import type { RefreshingSource } from "../../../src/services/Refreshing.js"
import { FleetSts, nodeOf, OffClock } from "../../support/fleetNodes.js"
import { silent } from "../../support/logs.js"
import { property } from "../../support/properties.js"
import { type Condition, RedisModel } from "../../support/redisModel.js"
import { hasRedis } from "../../support/redisServer.js"
import { VirtualClock } from "../../support/time.js"
import { redisClient } from "./machines.js"
import { RedisInTime } from "./redisInTime.js"

const nodes = 5
const start = 1_700_000_000_000

type Event =
  | { readonly _tag: "Read"; readonly node: number; readonly dies: number | undefined }
  | { readonly _tag: "All" }
  | { readonly _tag: "Pass"; readonly seconds: number }
  | { readonly _tag: "Redis"; readonly condition: Condition }
  | { readonly _tag: "Flush" }
  | { readonly _tag: "Restart"; readonly node: number }
  | { readonly _tag: "Sts"; readonly takes: number; readonly failing: FleetSts["failing"] }
  | { readonly _tag: "Invalidate"; readonly node: number }

const node = FastCheck.integer({ min: 0, max: nodes - 1 })
const tagged = <Tag extends string, More extends object>(
  weight: number,
  _tag: Tag,
  more: { readonly [K in keyof More]: FastCheck.Arbitrary<More[K]> }
) => ({ weight, arbitrary: FastCheck.record({ _tag: FastCheck.constant(_tag), ...more }) })

const event = FastCheck.oneof(
  tagged(5, "Read", {
    node,
    dies: FastCheck.option(FastCheck.integer({ min: 0, max: 400 }), { nil: undefined })
  }),
  tagged(3, "All", {}),
  tagged(6, "Pass", { seconds: FastCheck.integer({ min: 1, max: 1_500 }) }),
  tagged(2, "Redis", {
    condition: FastCheck.constantFrom<Condition>(
      "well",
      "well",
      "well",
      "away",
      "silent",
      "read-only",
      "full"
    )
  }),
  tagged(1, "Flush", {}),
  tagged(1, "Restart", { node }),
  tagged(1, "Sts", {
    takes: FastCheck.constantFrom(0, 150, 2_000, 12_000),
    failing: FastCheck.constantFrom<FleetSts["failing"]>(undefined, undefined, "Unavailable", "Refused")
  }),
  tagged(1, "Invalidate", { node })
) as FastCheck.Arbitrary<Event>

/** What a machine shows of itself. */
interface Machine {
  readonly clock: Clock.Clock
  source: RefreshingSource<Credentials>
  newest: string | undefined
}

type Arbitraries = [FastCheck.Arbitrary<ReadonlyArray<Event>>, FastCheck.Arbitrary<ReadonlyArray<number>>]

const schedule: Arbitraries = [
  FastCheck.array(event, { minLength: 5, maxLength: 50 }),
  FastCheck.array(FastCheck.integer({ min: -300, max: 300 }), { minLength: nodes, maxLength: nodes })
]

type Schedule = [events: ReadonlyArray<Event>, offsets: ReadonlyArray<number>]

const holds = ([events, offsets]: Schedule, clock: VirtualClock, redis: RedisModel) => {
  // STS and Redis keep the time; the machines do not.
  const now = clock.currentTimeMillisUnsafe
  const sts = new FleetSts(now)
  return Effect.gen(function* () {
    const make = nodeOf(redis.engine, sts)
    const machines: Array<Machine> = []
    for (const offset of offsets) {
      machines.push({ clock: new OffClock(clock, offset * 1_000), source: yield* make, newest: undefined })
    }
    let troubled = false
    const ended: Array<string> = []
    const read = (machine: Machine) =>
      Effect.gen(function* () {
        const outcome = yield* Effect.result(machine.source.get)
        if (Result.isFailure(outcome)) return
        const { accessKeyId, expiration } = outcome.success
        machine.newest = accessKeyId
        if (expiration !== undefined && DateTime.toEpochMillis(expiration) <= now() && !troubled) {
          ended.push(accessKeyId)
        }
      }).pipe(Effect.provideService(Clock.Clock, machine.clock))

    const readers: Array<Fiber.Fiber<unknown>> = []
    for (const happening of events) {
      switch (happening._tag) {
        case "Read": {
          const machine = machines[happening.node] as Machine
          const reader = yield* Effect.forkChild(read(machine))
          if (happening.dies === undefined) readers.push(reader)
          else {
            yield* clock.pass(happening.dies)
            yield* Effect.forkChild(Fiber.interrupt(reader))
          }
          yield* clock.pass(1)
          break
        }
        case "All":
          for (const machine of machines) readers.push(yield* Effect.forkChild(read(machine)))
          yield* clock.pass(1)
          break
        case "Pass":
          yield* clock.pass(happening.seconds * 1_000)
          break
        case "Redis":
          redis.wake()
          redis.condition = happening.condition
          break
        case "Flush":
          redis.flush()
          break
        case "Restart": {
          const machine = machines[happening.node] as Machine
          machine.source = yield* make
          break
        }
        case "Sts":
          sts.takes = happening.takes
          sts.failing = happening.failing
          // What is kept is served past its end while its source is down.
          troubled = troubled || happening.failing !== undefined
          break
        case "Invalidate": {
          const { clock: own, newest, source } = machines[happening.node] as Machine
          if (newest !== undefined) {
            yield* Effect.forkChild(Effect.provideService(source.invalidate(newest), Clock.Clock, own))
            yield* clock.pass(1)
          }
        }
      }
    }

    yield* clock.pass(400_000)
    yield* Effect.forEach(readers, Fiber.join)
    assert.deepStrictEqual(ended, [])
    assert.strictEqual(sts.underWay, 0)
    // Whoever was granted a lease before the latest one wrote nothing.
    for (const { fence, latest } of redis.taken) assert.isAtLeast(fence, latest)

    // Well again, all who start have what is valid, for one call at most.
    redis.wake()
    sts.failing = undefined
    sts.takes = 150
    yield* clock.pass(700_000)
    const before = sts.calls
    const fresh = yield* Effect.forEach(machines, () => make)
    const all = Effect.forEach(fresh, ({ get }) => get, { concurrency: "unbounded" })
    const reading = yield* Effect.forkChild(Effect.provideService(all, Clock.Clock, clock))
    yield* clock.pass(20_000)
    for (const { expiration } of yield* Fiber.join(reading)) {
      assert.isAbove(DateTime.toEpochMillis(expiration as DateTime.Utc), now())
    }
    assert.isAtMost(sts.calls - before, 1)
  }).pipe(Effect.provideService(Clock.Clock, clock), silent)
}

property(
  "in a model of Redis",
  schedule,
  (values: Schedule) => {
    const clock = new VirtualClock()
    clock.jump(start)
    return holds(values, clock, new RedisModel(clock.currentTimeMillisUnsafe))
  },
  200,
  180_000
)

describe.skipIf(!hasRedis)("over a real Redis", () => {
  const client = redisClient()

  property(
    "whose time goes by with the test's",
    schedule,
    (values: Schedule) => {
      let idle: Effect.Effect<void> = Effect.void
      const clock = new VirtualClock(Effect.suspend(() => idle))
      clock.jump(start)
      const redis = new RedisInTime(clock.currentTimeMillisUnsafe, client())
      idle = redis.idle
      return holds(values, clock, redis)
    },
    20,
    180_000
  )
})
