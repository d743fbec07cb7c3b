import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../../src/alibaba.js"
import * as SyncCommand from "../../../src/layers/blocking/SyncCommand.js"
import type { StsCredentialError } from "../../../src/schemas/StsError.js"
import { hides } from "../../leaks/hides.js"
import { planted } from "../../leaks/planted.js"
import { commands, configFile, environment, services, silence } from "../../support/alibabaEnvironment.js"
import { Disk } from "../../support/files.js"

const now = Date.parse("2026-01-01T00:00:00Z")
const pair = { access_key_id: "printed-id", access_key_secret: planted.issuedSecret }
const session = {
  mode: "StsToken",
  ...pair,
  sts_token: planted.issuedToken,
  expiration: "2026-01-01T01:00:00Z"
}

const node = `"${process.execPath}"`

/** A command that prints this, its quotes and blanks kept from the splitting. */
const printing = (document: unknown): string =>
  `${node} -e 'process.stdout.write(process.argv[1])' '${typeof document === "string" ? document : JSON.stringify(document)}'`

const waysToRun = { "on the event loop": commands, blocking: SyncCommand.layer() }

for (const [way, executor] of Object.entries(waysToRun)) {
  const running = (command: string) => {
    const profile = { name: "dev", mode: "External", process_command: command }
    const disk = new Disk({ [configFile]: JSON.stringify({ current: "dev", profiles: [profile] }, null, 2) })
    return Effect.andThen(TestClock.setTime(now), Alibaba.CliProfile.make()).pipe(
      Effect.flatMap(({ get }) => get),
      Effect.provide(services(disk.layer, silence, executor)),
      environment()
    )
  }

  describe(`an external command, ${way}`, () => {
    it.effect("gives a session", () =>
      Effect.gen(function* () {
        const credentials = yield* running(printing(session))
        assert.strictEqual(credentials.accessKeyId, "printed-id")
        assert.strictEqual(Redacted.value(credentials.accessKeySecret), planted.issuedSecret)
        assert.strictEqual(
          credentials.securityToken && Redacted.value(credentials.securityToken),
          planted.issuedToken
        )
        assert.strictEqual(
          credentials.expiration && DateTime.formatIso(credentials.expiration),
          "2026-01-01T01:00:00.000Z"
        )
        assert.strictEqual(credentials.source, "CLI profile, profile dev: external command")
        hides(credentials)
      })
    )

    it.effect("gives a key pair, with a mode in any case or none", () =>
      Effect.gen(function* () {
        const { mode: _, ...unnamed } = session
        assert.isUndefined((yield* running(printing({ mode: "ak", ...pair }))).securityToken)
        assert.isUndefined((yield* running(printing(pair))).securityToken)
        assert.isDefined((yield* running(printing(unnamed))).securityToken)
      })
    )

    it.effect("is not run by a shell", () =>
      Effect.gen(function* () {
        const document = { ...pair, access_key_id: "$HOME|`id`&x" }
        assert.strictEqual((yield* running(printing(document))).accessKeyId, "$HOME|`id`&x")
      })
    )

    const wrong: Readonly<Record<string, readonly [string, StsCredentialError["reason"], string]>> = {
      "a quote that is not closed": [`tool "${planted.accessKeySecret}`, "Malformed", "quote"],
      "a program that is not there": [
        `/nowhere/tool ${planted.accessKeySecret}`,
        "Malformed",
        "no such program"
      ],
      "a program that fails": [`${node} -e 'process.exit(3)'`, "Unavailable", "exit code 3"],
      "output that is not JSON": [printing(planted.issuedSecret), "Malformed", "not a JSON object"],
      "another mode": [printing({ ...session, mode: "RamRoleArn" }), "Unsupported", "a mode other than"],
      "half a pair": [printing({ mode: "AK", access_key_id: "x" }), "Incomplete", "access_key_secret"],
      "a session without a token": [printing({ mode: "StsToken", ...pair }), "Incomplete", "sts_token"],
      "an end that is no time": [
        printing({ ...session, expiration: planted.issuedToken }),
        "Malformed",
        "expiration"
      ],
      "a session that has ended": [
        printing({ ...session, expiration: "2025-12-31T23:59:59Z" }),
        "Expired",
        "expired"
      ]
    }
    for (const [what, [command, reason, says]] of Object.entries(wrong)) {
      it.effect(`is refused with ${what}`, () =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(running(command))
          assert.deepInclude(
            { ...error },
            { reason, key: "process_command", file: configFile, line: 7, profile: "dev" }
          )
          assert.include(error.message, says)
          hides(error)
        })
      )
    }
  })
}

describe("a hanging external command", () => {
  it.effect("is killed after a minute", () =>
    Effect.gen(function* () {
      const profile = {
        name: "dev",
        mode: "External",
        process_command: `${node} -e 'setInterval(()=>{},1000)'`
      }
      const disk = new Disk({ [configFile]: JSON.stringify({ current: "dev", profiles: [profile] }) })
      const { get } = yield* Effect.provide(
        Alibaba.CliProfile.make(),
        services(disk.layer, silence, commands)
      )
      const asking = yield* Effect.forkChild(Effect.flip(environment()(get)))
      yield* TestClock.adjust("1 minute")
      const error = yield* Fiber.join(asking)
      assert.deepInclude({ ...error }, { reason: "Unavailable", key: "process_command" })
    })
  )
})

describe("an external command with options in code", () => {
  for (const [way, executor] of Object.entries(waysToRun)) {
    it.effect(`runs as given, ${way}`, () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(now)
        for (const command of [printing(session), Redacted.make(printing(session))]) {
          const source = yield* Effect.provide(Alibaba.External.make({ command }), executor)
          const credentials = yield* source.get
          assert.strictEqual(credentials.accessKeyId, "printed-id")
          assert.strictEqual(credentials.source, "external command")
          hides(credentials)
        }
      })
    )
  }

  it.live("is killed after the program's timeout", () =>
    Effect.gen(function* () {
      const command = `${node} -e 'setTimeout(String,600000)'`
      const source = yield* Effect.provide(Alibaba.External.make({ command, timeout: 50 }), commands)
      const error = yield* Effect.flip(source.get)
      if (error._tag !== "StsCredentialError") return assert.fail(error.message)
      assert.strictEqual(error.reason, "Unavailable")
      assert.isUndefined(error.file)
    })
  )

  it("is cached as a layer, also under runSync", () => {
    const lasting = { ...session, expiration: "2999-01-01T00:00:00Z" }
    const layer = Alibaba.External.layer({ command: printing(lasting) })
    const { accessKeyId } = Effect.runSync(
      Effect.flatMap(Alibaba.CredentialProvider, ({ get }) => get).pipe(
        Effect.provide(layer),
        Effect.provide(SyncCommand.layer())
      )
    )
    assert.strictEqual(accessKeyId, "printed-id")
  })
})
