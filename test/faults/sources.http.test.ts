/**
 * Every source that asks somebody over HTTP, and every way in which that goes wrong, at each of its requests: its error
 * is the right one, it says what failed and where that was configured, nobody else's credentials are taken instead, it
 * ends, and none of this tells a secret.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fullName, sources } from "../sources/all.js"
import { outcomesOf } from "../sources/expectedOverHttp.js"
import { httpTroubles } from "../sources/httpTroubles.js"
import { inNoTime, observed, outcomeOf } from "../sources/watch.js"
import { type Answer, type Listed, withSource } from "../sources/withSource.js"

const asked = (listed: Listed, trouble: (name: string) => Answer | undefined = () => undefined) =>
  inNoTime(() =>
    withSource(listed, { trouble }, ({ get }, { sent }) =>
      Effect.map(observed(get), (seen) => ({ ...seen, sent }))
    )
  )

/** The most that any source asks for one thing before it gives up. */
const mostAttempts = 5

const meet = (listed: Listed, request: string) =>
  Effect.forEach(
    Object.entries(httpTroubles),
    ([name, answer]) =>
      Effect.map(
        asked(listed, (one) => (one === request ? answer : undefined)),
        ({ leaks, result, sent }) => {
          const times = sent.filter((one) => one.name === request).length
          assert.deepStrictEqual(leaks, [], name)
          assert.isTrue(times <= mostAttempts, `${name}: asked ${times} times`)
          assert.notInclude(
            sent.map(({ url }) => new URL(url).host),
            "elsewhere.test",
            name
          )
          return [name, outcomeOf(listed, result)] as const
        }
      ),
    { concurrency: 8 }
  )

describe.each(sources.map((listed) => [fullName(listed), listed] as const))("%s", (_, listed) => {
  it("reports what went wrong with each request", async () => {
    const { sent } = await Effect.runPromise(asked(listed))
    for (const request of new Set(sent.map(({ name }) => name))) {
      const outcomes = await Effect.runPromise(meet(listed, request))
      assert.deepStrictEqual(
        Object.fromEntries(outcomes),
        { ...outcomesOf(request, listed.configured) },
        request
      )
    }
  })
})
