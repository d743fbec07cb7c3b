import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { AlibabaSeed, Emulator, Fault } from "../../../src/testing.js"
import { first, http, type Reply, statusOf } from "../http.js"
import { type Key, send, verdict } from "./support.js"

const emulator = Effect.provide(Emulator.layer)
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

it.effect("gives credentials for the instance's role, with and without a token", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const { body: token } = yield* newToken("60")
    for (const asked of [shown(token), {}]) {
      assert.strictEqual((yield* http("GET", root, asked)).body, "instance")
    }
    const reply = yield* http("GET", `${root}instance`, shown(token))
    assert.deepInclude(reply.json(), {
      Code: "Success",
      LastUpdated: "2026-01-31T12:00:00Z",
      Expiration: "2026-01-31T18:00:00Z"
    })
    const me = yield* send({ action: "GetCallerIdentity", key: keyIn(reply) })
    assert.strictEqual(
      me.json.Arn,
      `acs:ram::${AlibabaSeed.accountId}:assumed-role/instance/${AlibabaSeed.instance.id}`
    )
  }).pipe(emulator)
)

it.effect("rotates credentials half an hour before they expire", () =>
  Effect.gen(function* () {
    const ask = Effect.map(http("GET", `${root}instance`), keyIn)
    const key = yield* ask
    yield* TestClock.adjust("329 minutes")
    assert.deepStrictEqual(yield* ask, key)
    yield* TestClock.adjust("1 minute")
    assert.notDeepEqual(yield* ask, key)
    assert.strictEqual(yield* verdict({ action: "GetCallerIdentity", key }), "OK")
    yield* TestClock.adjust("30 minutes")
    assert.strictEqual(yield* verdict({ action: "GetCallerIdentity", key }), "InvalidSecurityToken.Expired")
  }).pipe(emulator)
)

it.effect("requires a token in hardened mode, and refuses wrong and expired ones", () =>
  Effect.gen(function* () {
    assert.strictEqual((yield* newToken("0")).status, 400)
    const { body: token } = yield* newToken("60")
    assert.strictEqual(yield* statusOf("GET", root, shown("made-up")), 401)
    yield* change({ httpTokens: "required" })
    assert.strictEqual(yield* statusOf("GET", root), 401)
    assert.strictEqual(yield* statusOf("GET", root, shown(token)), 200)
    yield* TestClock.adjust("1 minute")
    assert.strictEqual(yield* statusOf("GET", root, shown(token)), 401)
  }).pipe(emulator)
)

it.effect("has no credentials without a role, for another role, or for a role that does not trust ECS", () =>
  Effect.gen(function* () {
    assert.strictEqual(yield* statusOf("GET", `${root}another`), 404)
    assert.strictEqual(yield* statusOf("GET", "/latest/meta-data/", { host: "100.100.100.200" }), 404)
    yield* change({ role: "reader" })
    assert.deepInclude((yield* http("GET", `${root}reader`)).json(), { Code: "Failed" })
    yield* change({ role: undefined })
    assert.strictEqual(yield* statusOf("GET", root), 404)
  }).pipe(emulator)
)

it.effect("is separate from the other cloud's service, has faults and records no tokens", () =>
  Effect.gen(function* () {
    const { addFault, requests } = yield* Emulator.Emulator
    const { body: token } = yield* newToken("60")
    const aws = yield* http("PUT", "/latest/api/token", {
      headers: { "x-aws-ec2-metadata-token-ttl-seconds": "60" }
    })
    assert.strictEqual(yield* statusOf("GET", root, shown(aws.body)), 401)
    yield* addFault(Fault.serverError(500), { operation: "MetadataRole" })
    assert.strictEqual(yield* statusOf("GET", root, shown(token)), 500)
    const seen = yield* requests
    assert.deepStrictEqual(
      seen.map(({ fields, verdict }) => [fields.cloud, verdict]),
      [
        ["alibaba", "OK"],
        ["aws", "OK"],
        ["alibaba", "Unauthorized"],
        ["alibaba", "ServiceUnavailable"]
      ]
    )
    assert.notInclude(JSON.stringify(seen), token)
  }).pipe(emulator)
)
