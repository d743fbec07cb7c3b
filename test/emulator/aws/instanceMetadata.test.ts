import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { AwsSeed, Emulator, Fault } from "../../../src/testing.js"
import { first, http, type Reply, statusOf } from "../http.js"
import { type Key, send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer())
const root = "/latest/meta-data/iam/security-credentials"
const tokenHeader = "x-aws-ec2-metadata-token"
const ttlHeader = `${tokenHeader}-ttl-seconds`

const newToken = (seconds: string | undefined, more: Readonly<Record<string, string>> = {}) =>
  http("PUT", "/latest/api/token", {
    headers: seconds === undefined ? more : { [ttlHeader]: seconds, ...more }
  })

const shown = (token: string) => ({ headers: { [tokenHeader]: token } })

const keyOf = (reply: Reply): Key => {
  const { AccessKeyId = "", SecretAccessKey = "", Token } = reply.json()
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token }
}

const change = (instance: object | undefined) =>
  Effect.flatMap(Emulator.Emulator, ({ aws }) =>
    aws.updateAccounts(
      first((account) => ({
        ...account,
        instance: instance === undefined ? undefined : { ...AwsSeed.instance, ...instance }
      }))
    )
  )

describe("a session's token", () => {
  it.effect("lasts as long as it was asked for", () =>
    Effect.gen(function* () {
      const token = yield* newToken("60")
      expect(token).toMatchObject({ status: 200, headers: { [ttlHeader]: "60" } })
      expect(yield* statusOf("GET", `${root}/`, shown(token.body))).toBe(200)
      yield* TestClock.adjust("59 seconds")
      expect(yield* statusOf("GET", `${root}/`, shown(token.body))).toBe(200)
      yield* TestClock.adjust("1 second")
      expect(yield* statusOf("GET", `${root}/`, shown(token.body))).toBe(401)
    }).pipe(emulator)
  )

  it.effect("is not given without a lifetime, for too long, or through a proxy", () =>
    Effect.gen(function* () {
      for (const seconds of [undefined, "", "0", "21601", "-1", "1.5", "an hour"]) {
        expect((yield* newToken(seconds)).status, `lifetime ${seconds}`).toBe(400)
      }
      expect((yield* newToken("21600")).status).toBe(200)
      expect((yield* newToken("60", { "x-forwarded-for": "10.0.0.1" })).status).toBe(403)
      expect(yield* statusOf("GET", "/latest/api/token", { headers: { [ttlHeader]: "60" } })).toBe(405)
    }).pipe(emulator)
  )

  it.effect("has to be the right one where one is shown, and to be shown where that is required", () =>
    Effect.gen(function* () {
      expect(yield* statusOf("GET", `${root}/`)).toBe(200)
      expect(yield* statusOf("GET", `${root}/`, shown("made-up"))).toBe(401)
      yield* change({ httpTokens: "required" })
      expect(yield* statusOf("GET", `${root}/`)).toBe(401)
      expect(yield* statusOf("GET", "/latest/meta-data/anything")).toBe(401)
      const { body } = yield* newToken("60")
      expect(yield* statusOf("GET", `${root}/`, shown(body))).toBe(200)
    }).pipe(emulator)
  )
})

describe("the role's credentials", () => {
  it.effect("are real, in both APIs", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00.250Z"))
      for (const api of [root, `${root}-extended`]) {
        expect((yield* http("GET", api)).body).toBe("instance")
        expect((yield* http("GET", `${api}/`)).body).toBe("instance")
      }
      const plain = yield* http("GET", `${root}/instance`)
      expect(plain.json()).toMatchObject({
        Code: "Success",
        Type: "AWS-HMAC",
        LastUpdated: "2026-01-31T12:00:00Z",
        Expiration: "2026-01-31T18:00:00Z"
      })
      expect(plain.json()).not.toHaveProperty("AccountId")
      const extended = yield* http("GET", `${root}-extended/instance`)
      expect(extended.json()).toEqual({ ...plain.json(), AccountId: AwsSeed.accountId })
      const me = yield* send(whoAmI({ key: keyOf(plain) }))
      expect(me.text("Arn")).toBe(
        `arn:aws:sts::${AwsSeed.accountId}:assumed-role/instance/${AwsSeed.instance.id}`
      )
    }).pipe(emulator)
  )

  it.effect("stay the same until five minutes before their end, and end by the emulator's clock", () =>
    Effect.gen(function* () {
      const { setClockOffset } = yield* Emulator.Emulator
      const ask = Effect.map(http("GET", `${root}/instance`), keyOf)
      const key = yield* ask
      yield* TestClock.adjust("354 minutes")
      expect(yield* ask).toEqual(key)
      yield* TestClock.adjust("1 minute")
      const next = yield* ask
      expect(next.accessKeyId).not.toBe(key.accessKeyId)
      expect(yield* verdict(whoAmI({ key }))).toBe("OK")
      yield* setClockOffset(5 * 60_000)
      expect(yield* verdict(whoAmI({ key }))).toBe("ExpiredToken")
      expect(yield* verdict(whoAmI({ key: next }))).toBe("OK")
    }).pipe(emulator)
  )

  it.effect("are not there without a role, under another name, or in an API that is not there", () =>
    Effect.gen(function* () {
      expect(yield* statusOf("GET", `${root}/another`)).toBe(404)
      expect(yield* statusOf("GET", "/latest/meta-data/another")).toBe(404)
      expect(yield* statusOf("DELETE", `${root}/instance`)).toBe(405)
      yield* change({ extended: false })
      expect(yield* statusOf("GET", `${root}-extended/`)).toBe(404)
      expect(yield* statusOf("GET", `${root}/`)).toBe(200)
      yield* change({ role: undefined })
      expect(yield* statusOf("GET", `${root}/`)).toBe(404)
      expect(yield* statusOf("GET", `${root}/instance`)).toBe(404)
      yield* change({ httpEndpoint: "disabled" })
      expect((yield* newToken("60")).status).toBe(403)
      expect(yield* statusOf("GET", `${root}/`)).toBe(403)
      yield* change(undefined)
      expect((yield* newToken("60")).status).toBe(404)
    }).pipe(emulator)
  )

  it.effect("are refused within a success where the role does not trust EC2", () =>
    Effect.gen(function* () {
      yield* change({ role: "reader" })
      const reply = yield* http("GET", `${root}/reader`)
      expect(reply.status).toBe(200)
      expect(reply.json()).toMatchObject({ Code: "AssumeRoleUnauthorizedAccess" })
    }).pipe(emulator)
  )
})

it.effect("meets faults by the names of its operations, and shows no token in a record", () =>
  Effect.gen(function* () {
    const { addFault, requests } = yield* Emulator.Emulator
    yield* addFault(Fault.refused(403, "Forbidden"), { operation: "MetadataToken" })
    yield* addFault(Fault.badGateway, { operation: "MetadataCredentials" })
    expect((yield* newToken("60")).status).toBe(403)
    const { body } = yield* newToken("60")
    expect(yield* statusOf("GET", `${root}/`, shown(body))).toBe(200)
    expect(yield* statusOf("GET", `${root}/instance`, shown(body))).toBe(502)
    const seen = yield* requests
    expect(
      seen.map(({ fields, form, operation, verdict }) => [fields.cloud, operation, form, verdict])
    ).toEqual([
      ["aws", "MetadataToken", "anonymous", "Forbidden"],
      ["aws", "MetadataToken", "anonymous", "OK"],
      ["aws", "MetadataRole", "token", "OK"],
      ["aws", "MetadataCredentials", "token", "BadGateway"]
    ])
    expect(JSON.stringify(seen)).not.toContain(body)
  }).pipe(emulator)
)
