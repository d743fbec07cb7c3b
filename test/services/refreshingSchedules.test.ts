import { assert } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as FastCheck from "fast-check"
import { Refreshing } from "../../src/index.js"
import { silent } from "../support/logs.js"
import { property } from "../support/properties.js"
import { type Behaviour, type Contact, ScriptedSource } from "../support/renewable.js"
import { VirtualClock } from "../support/time.js"

const takes = FastCheck.integer({ min: 0, max: 20_000 })

const behaviour: FastCheck.Arbitrary<Behaviour> = FastCheck.oneof(
  {
    weight: 4,
    arbitrary: FastCheck.record({
      _tag: FastCheck.constant("Gives" as const),
      seconds: FastCheck.integer({ min: 30, max: 7_200 }),
      takes
    })
  },
  { weight: 3, arbitrary: FastCheck.record({ _tag: FastCheck.constant("IsDown" as const), takes }) },
  { weight: 1, arbitrary: FastCheck.record({ _tag: FastCheck.constant("GivesEnded" as const), takes }) },
  { weight: 1, arbitrary: FastCheck.record({ _tag: FastCheck.constant("Refuses" as const), takes }) }
)

type Event =
  | { readonly _tag: "Read"; readonly count: number; readonly givesUpAfter: number | undefined }
  | { readonly _tag: "Pass"; readonly seconds: number }
  | { readonly _tag: "ClockJumps"; readonly seconds: number }
  | { readonly _tag: "Invalidate" }

const event: FastCheck.Arbitrary<Event> = FastCheck.oneof(
  {
    weight: 5,
    arbitrary: FastCheck.record({
      _tag: FastCheck.constant("Read" as const),
      count: FastCheck.integer({ min: 1, max: 5 }),
      givesUpAfter: FastCheck.option(FastCheck.integer({ min: 0, max: 15_000 }), { nil: undefined })
    })
  },
  {
    weight: 5,
    arbitrary: FastCheck.record({
      _tag: FastCheck.constant("Pass" as const),
      seconds: FastCheck.integer({ min: 1, max: 1_200 })
    })
  },
  {
    weight: 1,
    arbitrary: FastCheck.record({
      _tag: FastCheck.constant("ClockJumps" as const),
      seconds: FastCheck.integer({ min: -86_400, max: 86_400 })
    })
  },
  { weight: 1, arbitrary: FastCheck.constant({ _tag: "Invalidate" as const }) }
)

const lastEnded = (contacts: ReadonlyArray<Contact>): Contact | undefined =>
  contacts.filter(({ endedAt }) => endedAt !== undefined).at(-1)

const failed = ({ behaviour }: Contact): boolean =>
  behaviour._tag === "IsDown" || behaviour._tag === "GivesEnded"

property(
  "no schedule of reads, failures, interruptions and clock jumps starts two flights, hangs, or serves what has ended where something valid could be had",
  [
    FastCheck.array(behaviour, { minLength: 1, maxLength: 30 }),
    FastCheck.array(event, { minLength: 5, maxLength: 40 })
  ],
  ([behaviours, events]) => {
    const clock = new VirtualClock()
    return Effect.gen(function* () {
      const source = new ScriptedSource((contact) => behaviours[contact % behaviours.length] as Behaviour)
      const kept = Refreshing.make("aws", source)
      let jumpedAt = 0
      let newest: string | undefined

      const read = Effect.gen(function* () {
        const outcome = yield* Effect.result(kept.get)
        if (Result.isFailure(outcome)) return
        const { accessKeyId, expiration } = outcome.success
        newest = accessKeyId
        const now = yield* Clock.currentTimeMillis
        const ended = expiration !== undefined && DateTime.toEpochMillis(expiration) <= now
        if (!ended) return
        // Only while its source is left alone after a failure, or where the source has nothing else.
        const last = lastEnded(source.contacts)
        assert.isTrue(last !== undefined && failed(last), "an ended credential without a failure")
        if (last?.endedAt !== undefined && jumpedAt < source.contacts.indexOf(last)) {
          assert.isAtMost(now - last.endedAt, 600_000)
        }
      })

      const readers: Array<Fiber.Fiber<unknown>> = []
      for (const happening of events) {
        switch (happening._tag) {
          case "Read": {
            const { count, givesUpAfter } = happening
            const reader = givesUpAfter === undefined ? read : Effect.timeoutOption(read, givesUpAfter)
            for (let index = 0; index < count; index++) readers.push(yield* Effect.forkChild(reader))
            yield* clock.pass(1)
            break
          }
          case "Pass":
            yield* clock.pass(happening.seconds * 1_000)
            break
          case "ClockJumps":
            clock.jump(happening.seconds * 1_000)
            jumpedAt = source.contacts.length
            break
          case "Invalidate":
            if (newest !== undefined) yield* kept.invalidate(newest)
        }
        assert.isAtMost(source.mostUnderWay, 1)
      }

      // Nobody waits for ever.
      yield* clock.pass(60_000)
      yield* Effect.forEach(readers, Fiber.join)
      assert.strictEqual(source.underWay, 0)

      // Once the source is well again, everybody gets something valid.
      source.behave = () => ({ _tag: "Gives", seconds: 3_600 })
      yield* Effect.ignore(kept.get)
      yield* clock.pass(601_000)
      const last = yield* kept.get
      const now = yield* Clock.currentTimeMillis
      assert.isTrue(last.expiration !== undefined && DateTime.toEpochMillis(last.expiration) > now)
      assert.isAtMost(source.mostUnderWay, 1)
    }).pipe(Effect.provideService(Clock.Clock, clock), silent)
  },
  200
)
