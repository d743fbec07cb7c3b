import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { AwsSeed, Emulator, Fault } from "../../../src/testing.js"
import { first, http } from "../http.js"
import { send, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer)
const { ecsContainer, eksContainer } = AwsSeed
const token = Redacted.value(AwsSeed.containerToken)

const arnOf = (document: Readonly<Record<string, string>>) =>
  Effect.map(
    send(
      whoAmI({
        key: {
          accessKeyId: document["AccessKeyId"] ?? "",
          secretAccessKey: document["SecretAccessKey"] ?? "",
          sessionToken: document["Token"]
        }
      })
    ),
    (me) => me.text("Arn")
  )

it.effect("gives a task its role's credentials, without a token", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const reply = yield* http("GET", ecsContainer.path)
    assert.deepInclude(reply.json(), {
      RoleArn: AwsSeed.arns.taskRole,
      Expiration: "2026-01-31T18:00:00Z"
    })
    assert.include(yield* arnOf(reply.json()), `:assumed-role/task/${ecsContainer.roleSessionName}`)
    assert.strictEqual((yield* http("GET", ecsContainer.path)).body, reply.body)
    yield* TestClock.adjust("355 minutes")
    assert.notStrictEqual((yield* http("GET", ecsContainer.path)).body, reply.body)
  }).pipe(emulator)
)

it.effect("gives a pod its role's credentials for its token, which may be replaced", () =>
  Effect.gen(function* () {
    const { aws } = yield* Emulator.Emulator
    const ask = (authorization: string) =>
      http("GET", eksContainer.path, { headers: authorization === "" ? {} : { authorization } })
    const reply = yield* ask(token)
    assert.deepInclude(reply.json(), { AccountId: AwsSeed.accountId })
    assert.include(yield* arnOf(reply.json()), ":assumed-role/pod/")
    assert.deepInclude((yield* ask("")).json(), { code: "InvalidTokenException" })
    assert.strictEqual((yield* ask("made-up")).status, 400)
    const next = Redacted.make("the-next-token")
    yield* aws.updateAccounts(
      first((account) => ({ ...account, containers: [{ ...eksContainer, token: next }] }))
    )
    assert.strictEqual((yield* ask(token)).status, 400)
    assert.strictEqual((yield* ask("the-next-token")).status, 200)
  }).pipe(emulator)
)

it.effect("refuses unknown containers and roles that do not trust ECS", () =>
  Effect.gen(function* () {
    const { addFault, aws, requests } = yield* Emulator.Emulator
    assert.deepInclude<object>((yield* http("GET", "/v2/credentials/another")).json(), {
      code: "InvalidIdInRequest",
      HTTPErrorCode: 400
    })
    yield* aws.updateAccounts(
      first((account) => ({ ...account, containers: [{ ...ecsContainer, role: "reader", path: "/mine" }] }))
    )
    assert.strictEqual((yield* http("GET", "/mine")).status, 503)
    yield* addFault(Fault.serverError(500), { operation: "ContainerCredentials" })
    assert.strictEqual((yield* http("GET", "/mine")).status, 500)
    const headers = { authorization: token }
    yield* http("GET", "/v1/credentials", { headers })
    assert.notInclude(JSON.stringify(yield* requests), token)
  }).pipe(emulator)
)
