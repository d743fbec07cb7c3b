import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../../src/aws.js"
import * as SyncCommand from "../../../src/layers/blocking/SyncCommand.js"
import { StsCredentialError } from "../../../src/schemas/StsError.js"
import { ConfiguredAt } from "../../../src/services/SourceRequest.js"
import { hides } from "../../leaks/hides.js"
import { planted } from "../../leaks/planted.js"
import { watched } from "../../leaks/watched.js"

const document = {
  Version: 1,
  AccessKeyId: "ASIAPROCESS",
  SecretAccessKey: planted.issuedSecret,
  SessionToken: planted.issuedToken,
  Expiration: "2026-01-01T01:00:00Z"
}

const now = Date.parse("2026-01-01T00:00:00Z")

/** A line that prints this. */
const printing = (text: string): string => `printf '%s' '${text}'`

const where = { file: "/home/alice/.aws/config", line: 7, profile: "vault" }

const executors: Readonly<Record<string, Layer.Layer<ChildProcessSpawner.ChildProcessSpawner>>> = {
  "on the event loop": NodeServices.layer,
  blocking: SyncCommand.layer()
}

for (const [way, executor] of Object.entries(executors)) {
  const getFrom = (options: Aws.Process.Options) =>
    TestClock.setTime(now).pipe(
      Effect.andThen(Effect.provideService(Aws.Process.make(options), ConfiguredAt, where)),
      Effect.flatMap(({ get }) => get),
      Effect.provide(executor),
      Effect.exit,
      watched,
      Effect.flatMap(({ result, texts }) => {
        for (const text of Object.values(texts)) hides(text)
        return result
      })
    )

  describe(`a process, ${way}`, () => {
    it.effect("gives the printed credentials", () =>
      Effect.gen(function* () {
        const credentials = yield* getFrom({ command: printing(JSON.stringify(document)) })
        assert.strictEqual(credentials.accessKeyId, "ASIAPROCESS")
        assert.strictEqual(Redacted.value(credentials.secretAccessKey), planted.issuedSecret)
        assert.strictEqual(
          credentials.sessionToken && Redacted.value(credentials.sessionToken),
          planted.issuedToken
        )
        assert.strictEqual(
          credentials.expiration && DateTime.formatIso(credentials.expiration),
          "2026-01-01T01:00:00.000Z"
        )
        assert.strictEqual(credentials.source, "process")
        assert.isUndefined(credentials.accountId)
        hides(credentials)
      })
    )

    it.effect("gives keys without an expiration, with the account of the output or the profile", () =>
      Effect.gen(function* () {
        const { Expiration: _, SessionToken: __, ...lasting } = document
        const stated = yield* getFrom({
          command: printing(JSON.stringify(lasting)),
          accountId: "111111111111"
        })
        assert.deepStrictEqual(
          [stated.sessionToken, stated.expiration, stated.accountId],
          [undefined, undefined, "111111111111"]
        )
        const command = printing(JSON.stringify({ ...lasting, AccountId: "222222222222" }))
        const told = yield* getFrom({ command, accountId: "111111111111" })
        assert.strictEqual(told.accountId, "222222222222")
      })
    )

    const { issuedSecret } = planted
    const faults: Readonly<Record<string, readonly [string, string]>> = {
      "exit code": [`echo ${issuedSecret} | tee /dev/stderr; exit 4`, "Unavailable"],
      "a missing program": [`no-such-program --secret ${issuedSecret}`, "Malformed"],
      "no JSON": [printing(issuedSecret), "Malformed"],
      "a JSON list": [printing(JSON.stringify([document])), "Malformed"],
      "no output": ["true", "Malformed"],
      "no version": [printing(JSON.stringify({ ...document, Version: undefined })), "Unsupported"],
      "another version": [printing(JSON.stringify({ ...document, Version: 2 })), "Unsupported"],
      "half a pair": [printing(JSON.stringify({ ...document, SecretAccessKey: "" })), "Incomplete"],
      "no keys": [printing(JSON.stringify({ Version: 1 })), "Incomplete"],
      "an odd key": [
        printing(JSON.stringify({ ...document, SecretAccessKey: `${issuedSecret}\n` })),
        "Malformed"
      ],
      "an odd expiration": [printing(JSON.stringify({ ...document, Expiration: "soon" })), "Malformed"],
      "what has ended": [
        printing(JSON.stringify({ ...document, Expiration: "2026-01-01T00:00:00Z" })),
        "Expired"
      ]
    }
    for (const [fault, [command, reason]] of Object.entries(faults)) {
      it.effect(`fails for ${fault}, and shows only where it was configured`, () =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(getFrom({ command }))
          assert.instanceOf(error, StsCredentialError)
          assert.strictEqual(error.reason, reason)
          assert.deepInclude({ ...error }, where)
          assert.include(error.message, "/home/alice/.aws/config:7")
          assert.notInclude(error.message, "printf")
          hides(error)
        })
      )
    }
  })
}

describe("a process", () => {
  it.effect("runs on each request, not before", () =>
    Effect.gen(function* () {
      const source = yield* Aws.Process.make({ command: printing(JSON.stringify(document)) })
      yield* TestClock.setTime(now)
      yield* source.get
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* Effect.flip(source.get))._tag, "StsCredentialError")
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it("is cached as a layer, also under runSync", () => {
    const lasting = { ...document, Expiration: "2999-01-01T00:00:00Z" }
    const layer = Aws.Process.layer({ command: printing(JSON.stringify(lasting)) })
    const { accessKeyId } = Effect.runSync(
      Effect.flatMap(Aws.CredentialProvider, ({ get }) => get).pipe(
        Effect.provide(layer),
        Effect.provide(SyncCommand.layer())
      )
    )
    assert.strictEqual(accessKeyId, "ASIAPROCESS")
  })
})
