import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { Blocking } from "../../../src/blocking.js"
import { Aws, Chain, type CredentialSource, Refreshing, StsCredentialError } from "../../../src/index.js"
import { spansOf } from "../../support/spans.js"

const issue = (number: number, now: number, minutes = 15) =>
  new Aws.Credentials({
    accessKeyId: `ASIA${number}`,
    secretAccessKey: Redacted.make("PLANTED-SECRET"),
    sessionToken: Redacted.make("PLANTED-TOKEN"),
    accountId: "123456789012",
    expiration: DateTime.makeUnsafe(now + minutes * 60_000)
  })

const counting = () => {
  let calls = 0
  const source: CredentialSource<Aws.Credentials> = {
    name: "counting",
    get: Effect.clockWith((clock) => Effect.sync(() => issue(calls++, clock.currentTimeMillisUnsafe())))
  }
  return { calls: () => calls, source }
}

const providing = (source: CredentialSource<Aws.Credentials>) =>
  Effect.provide(Layer.succeed(Aws.CredentialProvider, source))

describe("toAwsProvider", () => {
  it.effect("gives a new identity object each time, by the program's clock", () => {
    const { calls, source } = counting()
    return Effect.gen(function* () {
      yield* TestClock.setTime(1_000)
      const provider = yield* Aws.toAwsProvider
      const [first, second] = yield* Effect.promise(() => Promise.all([provider(), provider({})]))
      assert.deepStrictEqual(first, {
        accessKeyId: "ASIA0",
        secretAccessKey: "PLANTED-SECRET",
        sessionToken: "PLANTED-TOKEN",
        accountId: "123456789012",
        expiration: new Date(901_000)
      })
      assert.deepStrictEqual(first, second)
      assert.notStrictEqual(first, second)
      assert.notStrictEqual(first.expiration, second.expiration)
      assert.strictEqual(calls(), 1)
      yield* TestClock.adjust("14 minutes")
      assert.strictEqual((yield* Effect.promise(() => provider())).accessKeyId, "ASIA1")
    }).pipe(providing(Refreshing.make("aws", source)))
  })

  it.effect("leaves out absent fields", () =>
    Effect.gen(function* () {
      const provider = yield* Aws.toAwsProvider
      assert.deepStrictEqual(yield* Effect.promise(() => provider()), {
        accessKeyId: "AKIA",
        secretAccessKey: "secret"
      })
    }).pipe(Effect.provide(Aws.Static.layer({ accessKeyId: "AKIA", secretAccessKey: "secret" })))
  )

  it.effect("renews on forceRefresh, once for concurrent callers", () => {
    const { calls, source } = counting()
    return Effect.gen(function* () {
      const provider = yield* Aws.toAwsProvider
      const forced = () => Effect.promise(() => provider({ forceRefresh: true }))
      assert.strictEqual((yield* forced()).accessKeyId, "ASIA0")
      const both = yield* Effect.all([forced(), forced()], { concurrency: 2 })
      assert.deepStrictEqual(
        both.map(({ accessKeyId }) => accessKeyId),
        ["ASIA1", "ASIA1"]
      )
      assert.strictEqual(calls(), 2)
    }).pipe(providing(Refreshing.make("aws", source)))
  })

  it.effect("rejects with the typed error", () => {
    const error = new StsCredentialError({ cloud: "aws", source: "x", reason: "Refused", detail: "no" })
    return Effect.gen(function* () {
      const provider = yield* Aws.toAwsProvider
      const rejection: unknown = yield* Effect.promise(() => provider().catch((reason) => reason))
      assert.strictEqual(rejection, error)
      assert.instanceOf(rejection, Error)
    }).pipe(providing({ name: "x", get: Effect.fail(error) }))
  })

  it.effect("runs under the program's tracer, outside the span that created it", () => {
    const { program, spans } = spansOf(
      Effect.gen(function* () {
        const provider = yield* Effect.withSpan(Aws.toAwsProvider, "outer")
        yield* Effect.promise(() => provider())
      }).pipe(providing(Refreshing.make("aws", counting().source)))
    )
    return Effect.map(program, () => {
      assert.deepStrictEqual(
        spans.map(({ name, parent }) => [name, parent._tag]),
        [
          ["outer", "None"],
          ["effect_sts.credential.refresh", "None"]
        ]
      )
    })
  })
})

const pair = { accessKeyId: "ASIA", secretAccessKey: "PLANTED-SECRET", sessionToken: "PLANTED-TOKEN" }

const gives = (identity: unknown) => async () => identity as Aws.AwsIdentity

const failing = (provider: () => Promise<Aws.AwsIdentity>) =>
  Effect.flatMap(Effect.flip(Aws.fromAwsProvider(provider, { name: "theirs" }).get), (error) =>
    error instanceof StsCredentialError ? Effect.succeed(error) : Effect.die(error)
  )

const shown = (error: StsCredentialError) =>
  [error.message, inspect(error, { depth: 9 }), JSON.stringify(error)].join()

describe("fromAwsProvider", () => {
  it.effect("reads the whole identity", () =>
    Effect.gen(function* () {
      const identity = { ...pair, accountId: "123456789012", expiration: new Date(60_000) }
      const credentials = yield* Aws.fromAwsProvider(gives(identity), { name: "theirs" }).get
      assert.deepStrictEqual(credentials.expiration, DateTime.makeUnsafe(60_000))
      assert.include(credentials, { accessKeyId: "ASIA", accountId: "123456789012", source: "theirs" })
    })
  )

  for (const [name, identity, reason, key] of [
    ["nothing", undefined, "Malformed", undefined],
    ["an empty object", {}, "Malformed", undefined],
    ["blank keys", { accessKeyId: "", secretAccessKey: "" }, "Malformed", undefined],
    ["half a pair", { ...pair, secretAccessKey: "" }, "Incomplete", "secretAccessKey"],
    ["a line break", { ...pair, secretAccessKey: "PLANTED\n" }, "Malformed", "secretAccessKey"],
    ["a number", { ...pair, sessionToken: 5 }, "Malformed", "sessionToken"],
    ["no date", { ...pair, expiration: "PLANTED" }, "Malformed", "expiration"],
    ["an invalid date", { ...pair, expiration: new Date(Number.NaN) }, "Malformed", "expiration"],
    ["an end that is over", { ...pair, expiration: new Date(0) }, "Expired", undefined]
  ] as const) {
    it.effect(`refuses ${name}`, () =>
      Effect.gen(function* () {
        const error = yield* failing(gives(identity))
        assert.deepStrictEqual([error.source, error.reason, error.key], ["theirs", reason, key])
        assert.notInclude(shown(error), "PLANTED")
      })
    )
  }

  const foreign = (fields: object) => Object.assign(new Error("PLANTED message"), fields)
  for (const [name, error, reason, words] of [
    ["no error", "PLANTED", "Unavailable", "an error"],
    ["a system error", foreign({ code: "ECONNREFUSED" }), "Unavailable", "Error (ECONNREFUSED)"],
    ["a strange name", foreign({ name: "PLANTED secret", code: "PLANTED/code" }), "Unavailable", "an error"],
    [
      "a refusal",
      foreign({ name: "AccessDenied", $fault: "client", $metadata: { httpStatusCode: 403 } }),
      "Refused",
      "AccessDenied"
    ],
    [
      "a busy service",
      foreign({ name: "SlowDown", $metadata: { httpStatusCode: 429 } }),
      "Unavailable",
      "SlowDown"
    ],
    [
      "a broken set-up",
      foreign({ name: "CredentialsProviderError", tryNextLink: true }),
      "Unavailable",
      "CredentialsProviderError"
    ]
  ] as const) {
    it.effect(`shows only name and code of ${name}`, () =>
      Effect.gen(function* () {
        const told = yield* failing(() => Promise.reject(error))
        assert.deepStrictEqual([told.source, told.reason], ["theirs", reason])
        assert.include(told.message, words)
        assert.notInclude(shown(told), "PLANTED")
      })
    )
  }

  it.effect("treats a synchronous throw as a rejection", () =>
    Effect.gen(function* () {
      const told = yield* failing(() => {
        throw new TypeError("PLANTED")
      })
      assert.include(told.message, "TypeError")
    })
  )

  it.effect("lets a chain go on when the vendor's error allows it", () =>
    Effect.gen(function* () {
      const nothing = () => Promise.reject(foreign({ tryNextLink: true }))
      const next = Aws.fromAwsProvider(gives(pair), { name: "next" })
      const chain = (followTryNextLink: boolean) =>
        Chain.make("aws", "chain", [Aws.fromAwsProvider(nothing, { followTryNextLink }), next]).get
      assert.strictEqual((yield* chain(true)).source, "next")
      assert.include(yield* Effect.flip(chain(false)), { reason: "Unavailable" })
    })
  )

  it.effect("forces a refresh after refused credentials", () => {
    const asked: Array<unknown> = []
    const provider: Aws.AwsProvider = async (properties) => {
      asked.push(properties)
      return pair
    }
    const { get, invalidate } = Aws.fromAwsProvider(provider)
    return Effect.gen(function* () {
      yield* get
      yield* invalidate?.("another") ?? Effect.void
      yield* get
      yield* invalidate?.("ASIA") ?? Effect.void
      yield* get
      yield* get
      assert.deepStrictEqual(asked, [undefined, undefined, { forceRefresh: true }, undefined])
    })
  })

  it("fails under runSync with an explanation", () => {
    const { get } = Aws.fromAwsProvider(gives(pair))
    for (const program of [get, Effect.provide(get, Blocking.layerWith({ proxy: false }))]) {
      const error = Effect.runSync(Effect.flip(program))
      assert.include(error, { _tag: "StsCredentialError", reason: "Unsupported" })
      assert.include(error.message, "runSync")
    }
  })
})
