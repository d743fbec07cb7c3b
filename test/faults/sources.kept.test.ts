/**
 * What is kept is given while whoever renews it cannot be reached, or an agent refuses for now, and no longer once a
 * person has to act.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Refreshing } from "../../src/index.js"
import { fullName, sources } from "../sources/all.js"
import { type HttpTrouble, httpTroubles } from "../sources/httpTroubles.js"
import { inNoTime, type Outcome, observed, outcomeOf } from "../sources/watch.js"
import { type Answer, type Listed, withSource } from "../sources/withSource.js"

/** Into the time in which credentials of an hour are renewed, and before the time in which they must be. */
const later = 56 * 60_000

const passing: ReadonlyArray<HttpTrouble> = [
  "refused connection",
  "cut connection",
  "silence",
  "half a document",
  "a page",
  "429",
  "503",
  "an end that has passed"
]

/** Asks, and asks again when everybody has this trouble; nothing where nobody is asked again. */
const askLater = (listed: Listed, answer: Answer) =>
  Effect.suspend(() => {
    let trouble: Answer | undefined
    return inNoTime((clock) =>
      withSource(listed, { trouble: () => trouble }, (source, { sent }) =>
        Effect.gen(function* () {
          const refreshing = Refreshing.make(listed.cloud, source)
          yield* refreshing.get
          const before = sent.length
          yield* Effect.sync(() => clock.jump(later))
          trouble = answer
          const { leaks, result } = yield* observed(refreshing.get)
          assert.deepStrictEqual(leaks, [])
          const [first] = sent.slice(before)
          return first === undefined ? undefined : { outcome: outcomeOf(listed, result), asked: first.name }
        })
      )
    )
  })

const whether = (listed: Listed) =>
  inNoTime(() => withSource(listed, {}, ({ get }, { sent }) => Effect.map(get, () => sent.length > 0)))

/** Who asks somebody only once: keys of one's own do not end, and their owner stays the same. */
const once = new Set(["guard"])

/** A session that is good to its end, though nobody may renew it. */
const session = /login|SSO token/

/** STS, and who knows whether somebody is signed in: after their refusals a person has to act. */
const decides = /^(Assume|GetCaller)|sso\.|signin|oidc|oauth/

describe.each(sources.map((listed) => [fullName(listed), listed] as const))("%s", (_, listed) => {
  it("serves kept credentials during outages, not after a permanent refusal", async () => {
    const given = await Effect.runPromise(
      Effect.forEach([...passing, "403" as const], (trouble) => askLater(listed, httpTroubles[trouble]))
    )
    const asks = (await Effect.runPromise(whether(listed))) && !once.has(listed.name)
    const lasts = session.test(listed.name) || !decides.test(given.at(-1)?.asked ?? "")
    const refused = lasts ? "its credentials" : "Refused"
    const expected: ReadonlyArray<Outcome> = [...passing.map(() => "its credentials" as const), refused]
    assert.deepStrictEqual(
      given.map((one) => one?.outcome),
      expected.map((outcome) => (asks ? outcome : undefined))
    )
  })
})
