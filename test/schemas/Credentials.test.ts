/** When the credentials of both clouds end. */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { Alibaba, Aws } from "../../src/index.js"

const secret = Redacted.make("planted-secret")
const token = Redacted.make("planted-token")
const expiration = DateTime.makeUnsafe(3_600_000)

const clouds = {
  "Alibaba Cloud": {
    lasting: new Alibaba.Credentials({ accessKeyId: "id", accessKeySecret: secret }),
    anHour: new Alibaba.Credentials({
      accessKeyId: "STS.id",
      accessKeySecret: secret,
      securityToken: token,
      expiration
    })
  },
  AWS: {
    lasting: new Aws.Credentials({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: secret }),
    anHour: new Aws.Credentials({
      accessKeyId: "ASIAIOSFODNN7EXAMPLE",
      secretAccessKey: secret,
      sessionToken: token,
      expiration
    })
  }
}

for (const [cloud, { anHour, lasting }] of Object.entries(clouds)) {
  describe(`credentials of ${cloud} that end`, () => {
    it.effect("expire at their expiration, not before", () =>
      Effect.gen(function* () {
        assert.isFalse(yield* anHour.isExpired)
        yield* TestClock.setTime(3_599_999)
        assert.isFalse(yield* anHour.isExpired)
        yield* TestClock.setTime(3_600_000)
        assert.isTrue(yield* anHour.isExpired)
        yield* TestClock.setTime(3_600_001)
        assert.isTrue(yield* anHour.isExpired)
      })
    )

    it.effect("give the remaining time, zero after expiry", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* anHour.timeToExpiry, Option.some(Duration.millis(3_600_000)))
        yield* TestClock.adjust("50 minutes")
        assert.deepStrictEqual(yield* anHour.timeToExpiry, Option.some(Duration.millis(600_000)))
        yield* TestClock.adjust("1 day")
        assert.deepStrictEqual(yield* anHour.timeToExpiry, Option.some(Duration.millis(0)))
      })
    )

    it.effect("tell whether they expire within a window", () =>
      Effect.gen(function* () {
        yield* TestClock.adjust("50 minutes")
        assert.isFalse(yield* anHour.expiresWithin("599 seconds"))
        assert.isTrue(yield* anHour.expiresWithin("10 minutes"))
        assert.isTrue(yield* anHour.expiresWithin("1 day"))
      })
    )
  })

  describe(`credentials of ${cloud} that last`, () => {
    it.effect("never expire", () =>
      Effect.gen(function* () {
        yield* TestClock.adjust("10000 days")
        assert.isFalse(yield* lasting.isExpired)
        assert.isFalse(yield* lasting.expiresWithin(Duration.infinity))
        assert.isTrue(Option.isNone(yield* lasting.timeToExpiry))
      })
    )
  })
}
