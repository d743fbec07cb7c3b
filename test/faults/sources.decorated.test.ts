/**
 * Every source that asks somebody over HTTP, and every way in which that goes wrong, over a client to which an
 * application has done something: it comes out as without that.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fullName, sources } from "../sources/all.js"
import { httpTroubles } from "../sources/httpTroubles.js"
import { inNoTime, observed, outcomeOf } from "../sources/watch.js"
import { type Answer, type Listed, withSource } from "../sources/withSource.js"
import { type Decoration, decorations, repeating } from "../support/decorations.js"

const all = Object.entries({ ...decorations, ...repeating })

const asked = (listed: Listed, answer: Answer | undefined, decorate: Decoration) =>
  inNoTime(() =>
    withSource(listed, { trouble: () => answer, decorate }, ({ get }, { sent }) =>
      Effect.map(observed(get), ({ leaks, result }) => ({
        outcome: outcomeOf(listed, result),
        // An application's own span ends with the response, and its request, as they are.
        leaks: leaks.filter((leak) => !leak.startsWith("spans: ")),
        asks: sent.length > 0
      }))
    )
  )

const bare: Decoration = (client) => client

describe.each(sources.map((listed, index) => [fullName(listed), listed, index] as const))(
  "%s",
  (_, listed, index) => {
    it("comes to the same, whatever is done to the client", async () => {
      const troubles = [["nothing", undefined] as const, ...Object.entries(httpTroubles)]
      for (const [at, [name, answer]] of troubles.entries()) {
        const without = await Effect.runPromise(asked(listed, answer, bare))
        if (!without.asks) return
        // Each source meets each trouble once, and all decorations in turn.
        const [called, decorate] = all[(index * 5 + at) % all.length] ?? ["", bare]
        const found = await Effect.runPromise(asked(listed, answer, decorate))
        assert.deepStrictEqual(found, without, `${name} under ${called}`)
      }
    })
  }
)
