/**
 * A chain while its sources change.
 */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { Blocking } from "../../src/blocking.js"
import { Aws, Chain, type CredentialSource, Refreshing, StsCredentialError } from "../../src/index.js"

/** Sources that are configured while they are in a set. */
const machine = (...configured: ReadonlyArray<string>) => {
  const present = new Set(configured)
  const source = (name: string): CredentialSource<Aws.Credentials> => ({
    name,
    get: Effect.flatMap(DateTime.now, (now) =>
      present.has(name)
        ? Effect.succeed(
            new Aws.Credentials({
              accessKeyId: name,
              secretAccessKey: Redacted.make("secret"),
              expiration: DateTime.add(now, { hours: 1 })
            })
          )
        : Effect.fail(
            new StsCredentialError({
              cloud: "aws",
              source: name,
              reason: "NotConfigured",
              detail: "it is not set"
            })
          )
    )
  })
  return { present, sources: [source("profile"), source("instance")] }
}

const idOf = ({ get }: CredentialSource<Aws.Credentials>) => Effect.map(get, ({ accessKeyId }) => accessKeyId)

describe("a chain", () => {
  it.effect("does not switch identity when its source is gone", () =>
    Effect.gen(function* () {
      const { present, sources } = machine("profile", "instance")
      const chain = Chain.make("aws", "mine", sources)
      assert.strictEqual(yield* idOf(chain), "profile")
      present.delete("profile")
      const error = yield* Effect.flip(chain.get)
      assert.deepInclude({ ...error }, { source: "profile", reason: "Unavailable" })
      assert.include(error.message, "gave credentials before")
      assert.include(error.message, "it is not set")
      present.add("profile")
      assert.strictEqual(yield* idOf(chain), "profile")
    })
  )

  it.effect("serves kept credentials while a file is replaced", () =>
    Effect.gen(function* () {
      const { present, sources } = machine("profile", "instance")
      const kept = Refreshing.make("aws", Chain.make("aws", "mine", sources))
      yield* kept.get
      present.delete("profile")
      yield* TestClock.adjust("59 minutes")
      assert.strictEqual(yield* idOf(kept), "profile")
      present.add("profile")
      yield* TestClock.adjust("20 minutes")
      yield* kept.get
      assert.isAbove((yield* kept.status)?.expiresAt ?? 0, 79 * 60_000)
    })
  )

  it.effect("switches to an earlier source once it is configured", () =>
    Effect.gen(function* () {
      const { present, sources } = machine("instance")
      const chain = Chain.make("aws", "mine", sources)
      assert.strictEqual(yield* idOf(chain), "instance")
      present.add("profile")
      assert.strictEqual(yield* idOf(chain), "profile")
    })
  )

  it.effect("that is lenient continues with the next source", () =>
    Effect.gen(function* () {
      const { present, sources } = machine("profile", "instance")
      const chain = Chain.make("aws", "mine", sources, { continueOnFailure: true })
      assert.strictEqual(yield* idOf(chain), "profile")
      present.delete("profile")
      assert.strictEqual(yield* idOf(chain), "instance")
    })
  )

  for (const [name, options] of [
    ["strict", {}],
    ["lenient", { continueOnFailure: true }]
  ] as const) {
    it.effect(`${name}: has one timeout for all sources, and names the one being asked`, () =>
      Effect.gen(function* () {
        const { sources } = machine()
        const silent = { name: "silent", get: Effect.never }
        const slow = {
          name: "slow",
          get: Effect.delay(machine("profile").sources[0]?.get ?? Effect.never, 600)
        }
        const chain = Chain.make("aws", "mine", [...sources, silent], { ...options, timeout: "1 second" })
        const asked = yield* Effect.forkChild(Effect.flip(chain.get))
        yield* TestClock.adjust(999)
        assert.isNotOk(asked.pollUnsafe())
        yield* TestClock.adjust(1)
        const error = yield* Fiber.join(asked)
        assert.strictEqual(error._tag, "StsCredentialError")
        assert.deepInclude({ ...error }, { source: "mine", reason: "Unavailable" })
        assert.include(error.message, "1000 ms")
        assert.match(
          error.message,
          /profile: it is not set; instance: it is not set; silent: it did not answer/
        )
        const inTime = yield* Effect.forkChild(
          idOf(Chain.make("aws", "mine", [...sources, slow], { ...options, timeout: 1_000 }))
        )
        yield* TestClock.adjust(600)
        assert.strictEqual(yield* Fiber.join(inTime), "profile")
      })
    )
  }

  it("has its time under runSync too", () => {
    const chain = Chain.make("alibaba", "mine", [{ name: "silent", get: Effect.never }], { timeout: 20 })
    const error = Effect.runSync(Effect.flip(chain.get).pipe(Effect.provide(Blocking.layer)))
    assert.include(error.message, "silent: it did not answer")
  })
})
