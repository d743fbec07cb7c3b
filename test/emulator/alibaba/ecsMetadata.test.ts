import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { AlibabaSeed, Emulator, Fault } from "../../../src/testing.js"
import { first, http, type Reply, statusOf } from "../http.js"
import { type Key, send, verdict } from "../support.js"

const emulator = Effect.provide(Emulator.layer())
const root = "/latest/meta-data/ram/security-credentials/"
const tokenHeader = "x-aliyun-ecs-metadata-token"

const newToken = (seconds: string) =>
  http("PUT", "/latest/api/token", { headers: { [`${tokenHeader}-ttl-seconds`]: seconds } })

const shown = (token: string) => ({ headers: { [tokenHeader]: token } })

const change = (instance: object) =>
  Effect.flatMap(Emulator.Emulator, ({ alibaba }) =>
    alibaba.updateAccounts(
      first((account) => ({ ...account, instance: { ...AlibabaSeed.instance, ...instance } }))
    )
  )

const keyIn = ({ json }: Reply): Key => {
  const { AccessKeyId = "", AccessKeySecret = "", SecurityToken } = json()
  return { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret, securityToken: SecurityToken }
}

it.effect("gives the instance's role real credentials, with a token and without", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const { body: token } = yield* newToken("60")
    for (const asked of [shown(token), {}]) {
      expect((yield* http("GET", root, asked)).body).toBe("instance")
    }
    const reply = yield* http("GET", `${root}instance`, shown(token))
    expect(reply.json()).toMatchObject({
      Code: "Success",
      LastUpdated: "2026-01-31T12:00:00Z",
      Expiration: "2026-01-31T18:00:00Z"
    })
    const me = yield* send({ action: "GetCallerIdentity", key: keyIn(reply) })
    expect(me.json.Arn).toBe(
      `acs:ram::${AlibabaSeed.accountId}:assumed-role/instance/${AlibabaSeed.instance.id}`
    )
  }).pipe(emulator)
)

it.effect("rotates them half an hour before their end, and knows when they end", () =>
  Effect.gen(function* () {
    const ask = Effect.map(http("GET", `${root}instance`), keyIn)
    const key = yield* ask
    yield* TestClock.adjust("329 minutes")
    expect(yield* ask).toEqual(key)
    yield* TestClock.adjust("1 minute")
    expect(yield* ask).not.toEqual(key)
    expect(yield* verdict({ action: "GetCallerIdentity", key })).toBe("OK")
    yield* TestClock.adjust("30 minutes")
    expect(yield* verdict({ action: "GetCallerIdentity", key })).toBe("InvalidSecurityToken.Expired")
  }).pipe(emulator)
)

it.effect("asks for a token where hardened, and refuses wrong and ended ones anyway", () =>
  Effect.gen(function* () {
    expect((yield* newToken("0")).status).toBe(400)
    const { body: token } = yield* newToken("60")
    expect(yield* statusOf("GET", root, shown("made-up"))).toBe(401)
    yield* change({ httpTokens: "required" })
    expect(yield* statusOf("GET", root)).toBe(401)
    expect(yield* statusOf("GET", root, shown(token))).toBe(200)
    yield* TestClock.adjust("1 minute")
    expect(yield* statusOf("GET", root, shown(token))).toBe(401)
  }).pipe(emulator)
)

it.effect("has no credentials without a role, under another name, or of a role that does not trust ECS", () =>
  Effect.gen(function* () {
    expect(yield* statusOf("GET", `${root}another`)).toBe(404)
    expect(yield* statusOf("GET", "/latest/meta-data/", { host: "100.100.100.200" })).toBe(404)
    yield* change({ role: "reader" })
    expect((yield* http("GET", `${root}reader`)).json()).toMatchObject({ Code: "Failed" })
    yield* change({ role: undefined })
    expect(yield* statusOf("GET", root)).toBe(404)
  }).pipe(emulator)
)

it.effect("is told apart from the other cloud's, meets faults and keeps tokens to itself", () =>
  Effect.gen(function* () {
    const { addFault, requests } = yield* Emulator.Emulator
    const { body: token } = yield* newToken("60")
    const aws = yield* http("PUT", "/latest/api/token", {
      headers: { "x-aws-ec2-metadata-token-ttl-seconds": "60" }
    })
    expect(yield* statusOf("GET", root, shown(aws.body))).toBe(401)
    yield* addFault(Fault.serverError(500), { operation: "MetadataRole" })
    expect(yield* statusOf("GET", root, shown(token))).toBe(500)
    const seen = yield* requests
    expect(seen.map(({ fields, verdict }) => [fields.cloud, verdict])).toEqual([
      ["alibaba", "OK"],
      ["aws", "OK"],
      ["alibaba", "Unauthorized"],
      ["alibaba", "ServiceUnavailable"]
    ])
    expect(JSON.stringify(seen)).not.toContain(token)
  }).pipe(emulator)
)
