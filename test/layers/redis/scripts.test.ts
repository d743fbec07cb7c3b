/** The scripts on a real server do what the model does that the schedules are run against. */

import { setTimeout as sleep } from "node:timers/promises"
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import type { Step } from "../../../src/layers/redis/connection.js"
import { reserve, stepsOf } from "../../../src/layers/redis/steps.js"
import { limitName, namesOf } from "../../../src/protocol/redisEntry.js"
import { RedisModel } from "../../support/redisModel.js"
import { hasRedis } from "../../support/redisServer.js"
import { redisClient } from "./machines.js"

type Part = string | number

/** A step in words, since fences are not known before. */
type Order =
  | { readonly _tag: "Look"; readonly token: number; readonly rejected: number }
  | {
      readonly _tag: "Put"
      readonly token: number
      readonly fence: number
      readonly lasts: number
      readonly id: number
    }
  | { readonly _tag: "Extend" | "Release"; readonly token: number }
  | { readonly _tag: "Fail"; readonly token: number; readonly silent: number }
  | { readonly _tag: "Invalidate"; readonly id: number }
  | { readonly _tag: "Reserve" }
  | { readonly _tag: "Flush" }

const few = FastCheck.integer({ min: 0, max: 2 })
const order = FastCheck.oneof(
  {
    weight: 6,
    arbitrary: FastCheck.record({ _tag: FastCheck.constant("Look" as const), token: few, rejected: few })
  },
  {
    weight: 5,
    arbitrary: FastCheck.record({
      _tag: FastCheck.constant("Put" as const),
      token: few,
      fence: FastCheck.integer({ min: 0, max: 3 }),
      lasts: FastCheck.constantFrom(-1_000, 0, 100_000, 3_600_000),
      id: few
    })
  },
  {
    weight: 2,
    arbitrary: FastCheck.record({
      _tag: FastCheck.constantFrom("Extend" as const, "Release" as const),
      token: few
    })
  },
  {
    weight: 2,
    arbitrary: FastCheck.record({
      _tag: FastCheck.constant("Fail" as const),
      token: few,
      silent: FastCheck.constantFrom(0, 60_000)
    })
  },
  { weight: 1, arbitrary: FastCheck.record({ _tag: FastCheck.constant("Invalidate" as const), id: few }) },
  { weight: 2, arbitrary: FastCheck.constant({ _tag: "Reserve" as const }) },
  { weight: 1, arbitrary: FastCheck.constant({ _tag: "Flush" as const }) }
) as FastCheck.Arbitrary<Order>

describe.skipIf(!hasRedis)("the scripts", { timeout: 120_000 }, () => {
  const client = redisClient()

  const names = namesOf("aws", { role: "reader" })
  const steps = stepsOf(names)
  const ids = ["A".repeat(22), "B".repeat(22), "C".repeat(22)]

  /** Runs orders, and tells the replies without their times: fences by their order among all that were granted. */
  const replies = async (
    orders: ReadonlyArray<Order>,
    run: (step: Step) => Promise<ReadonlyArray<Part>>,
    flush: () => Promise<unknown>,
    start: number
  ) => {
    const fences: Array<string> = ["1"]
    const seen: Array<ReadonlyArray<Part>> = []
    for (const one of orders) {
      switch (one._tag) {
        case "Look": {
          const [, entry = "", fence = "", rest = 0, state = ""] = await run(
            steps.look(`token${one.token}`, 60_000, ids[one.rejected] ?? "-")
          )
          if (fence !== "") {
            assert.isAbove(Number(fence), Number(fences.at(-1)))
            fences.push(String(fence))
          }
          seen.push([
            String(entry).split(" ")[4] ?? "",
            fence === "" ? "" : fences.length,
            Math.ceil(Number(rest) / 30_000),
            state
          ])
          break
        }
        case "Put": {
          const fence = fences.at(-1 - one.fence) ?? "1"
          const endsAt = start + one.lasts
          // The shorter one is due already.
          const dueAt = one.lasts > 100_000 ? endsAt - 1_000 : start - 1_000
          const entry = `${fence} ${endsAt} ${dueAt} ${start} ${ids[one.id]} key.body`
          const [, result = "", text = ""] = await run(steps.put(`token${one.token}`, fence, endsAt, entry))
          seen.push([result, String(text).split(" ")[4] ?? ""])
          break
        }
        case "Extend":
          seen.push(await run(steps.extend(`token${one.token}`, 90_000)))
          break
        case "Fail":
          seen.push(
            await run(
              steps.fail(`token${one.token}`, "Refused", { withNothing: one.silent, withEntry: 90_000 })
            )
          )
          break
        case "Release":
          seen.push(await run(steps.release(`token${one.token}`)))
          break
        case "Invalidate":
          seen.push(await run(steps.invalidate(ids[one.id] ?? "")))
          break
        case "Reserve": {
          const [wait = 0] = await run(
            reserve({ name: limitName("aws", "1"), perSecond: 0.02, burst: 2 }, 120_000)
          )
          seen.push([Math.ceil(Number(wait) / 10_000)])
          break
        }
        case "Flush":
          await flush()
      }
    }
    return seen
  }

  it("are the model's", async () => {
    await FastCheck.assert(
      FastCheck.asyncProperty(FastCheck.array(order, { minLength: 1, maxLength: 40 }), async (orders) => {
        await client().sendCommand(["FLUSHALL"])
        // The same moment for both: all times are the server's.
        const start = 1_000 * Number(((await client().sendCommand(["TIME"])) as unknown as [string])[0])
        let micros = 0
        const model = new RedisModel(() => start + micros++ / 1_000)
        const onModel = await replies(
          orders,
          async (step) => model.execute(step),
          async () => model.flush(),
          start
        )
        const onServer = await replies(
          orders,
          async ({ keys, script, values }) =>
            (await client().eval(script.lua, {
              keys: [...keys],
              arguments: [...values]
            })) as unknown as ReadonlyArray<Part>,
          () => client().sendCommand(["FLUSHALL"]),
          start
        )
        assert.deepStrictEqual(onServer, onModel)
      }),
      { numRuns: 60 }
    )
  })

  it("end an entry with its credentials, and a lease that nobody extends", async () => {
    await client().sendCommand(["FLUSHALL"])
    const run = async ({ keys, script, values }: Step) =>
      (await client().eval(script.lua, {
        keys: [...keys],
        arguments: [...values]
      })) as unknown as ReadonlyArray<Part>
    const [now = 0, , fence = ""] = await run(steps.look("one", 200, "-"))
    const endsAt = Number(now) + 400
    await run(
      steps.put("one", String(fence), endsAt, `${fence} ${endsAt} ${endsAt - 1} ${now} ${ids[0]} key.body`)
    )
    assert.isAtMost(Number(await client().sendCommand(["PTTL", names.keys[0] ?? ""])), 400)
    await sleep(450)
    const [, entry, , , state] = await run(steps.look("two", 50, "-"))
    assert.deepStrictEqual([entry, state], ["", "granted"])
    await sleep(80)
    assert.strictEqual((await run(steps.look("three", 50, "-")))[4], "granted")
    assert.deepStrictEqual(await run(steps.extend("two", 50)), [0])
  })
})
