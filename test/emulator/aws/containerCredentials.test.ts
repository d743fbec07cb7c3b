import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { AwsSeed, Emulator, Fault } from "../../../src/testing.js"
import { first, http } from "../http.js"
import { send, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer())
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
    expect(reply.json()).toMatchObject({
      RoleArn: AwsSeed.arns.taskRole,
      Expiration: "2026-01-31T18:00:00Z"
    })
    expect(yield* arnOf(reply.json())).toContain(`:assumed-role/task/${ecsContainer.roleSessionName}`)
    expect((yield* http("GET", ecsContainer.path)).body).toBe(reply.body)
    yield* TestClock.adjust("355 minutes")
    expect((yield* http("GET", ecsContainer.path)).body).not.toBe(reply.body)
  }).pipe(emulator)
)

it.effect("gives a pod its role's credentials for its token, which may be replaced", () =>
  Effect.gen(function* () {
    const { aws } = yield* Emulator.Emulator
    const ask = (authorization: string) =>
      http("GET", eksContainer.path, { headers: authorization === "" ? {} : { authorization } })
    const reply = yield* ask(token)
    expect(reply.json()).toMatchObject({ AccountId: AwsSeed.accountId })
    expect(yield* arnOf(reply.json())).toContain(":assumed-role/pod/")
    expect((yield* ask("")).json()).toMatchObject({ code: "InvalidTokenException" })
    expect((yield* ask("made-up")).status).toBe(400)
    const next = Redacted.make("the-next-token")
    yield* aws.updateAccounts(
      first((account) => ({ ...account, containers: [{ ...eksContainer, token: next }] }))
    )
    expect((yield* ask(token)).status).toBe(400)
    expect((yield* ask("the-next-token")).status).toBe(200)
  }).pipe(emulator)
)

it.effect("knows neither other containers nor roles that do not trust it", () =>
  Effect.gen(function* () {
    const { addFault, aws, requests } = yield* Emulator.Emulator
    expect((yield* http("GET", "/v2/credentials/another")).json()).toMatchObject({
      code: "InvalidIdInRequest",
      HTTPErrorCode: 400
    })
    yield* aws.updateAccounts(
      first((account) => ({ ...account, containers: [{ ...ecsContainer, role: "reader", path: "/mine" }] }))
    )
    expect((yield* http("GET", "/mine")).status).toBe(503)
    yield* addFault(Fault.serverError(500), { operation: "ContainerCredentials" })
    expect((yield* http("GET", "/mine")).status).toBe(500)
    const headers = { authorization: token }
    yield* http("GET", "/v1/credentials", { headers })
    expect(JSON.stringify(yield* requests)).not.toContain(token)
  }).pipe(emulator)
)
