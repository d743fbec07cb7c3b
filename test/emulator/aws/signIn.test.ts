import { generateKeyPairSync } from "node:crypto"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { proof } from "../../../src/protocol/aws/signIn.js"
import { AwsSeed, Emulator, Fault } from "../../../src/testing.js"
import { http } from "../http.js"
import { send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer)
const host = "us-east-1.signin.aws.amazon.com"
const url = `https://${host}/v1/token`

interface File {
  readonly accessToken: Record<"accessKeyId" | "secretAccessKey" | "sessionToken" | "expiresAt", string>
  readonly clientId: string
  readonly refreshToken: string
  readonly dpopKey: string
}

const login = (options: { readonly expiresIn?: "1 hour"; readonly userName?: string } = {}) =>
  Effect.flatMap(Emulator.Emulator, ({ aws }) =>
    Effect.map(aws.login(options), (file) => ({
      ...file,
      content: JSON.parse(Redacted.value(file.content)) as File
    }))
  )

let nonces = 0

interface Spoilt {
  readonly key?: string
  readonly url?: string
  readonly nonce?: string
  readonly late?: number
  readonly dpop?: string
  readonly json?: object
}

const renew = ({ clientId, dpopKey, refreshToken }: File, spoilt: Spoilt = {}) =>
  Effect.gen(function* () {
    const { now } = yield* Emulator.Emulator
    const dpop =
      spoilt.dpop ??
      proof({
        key: Redacted.make(spoilt.key ?? dpopKey),
        method: "POST",
        url: spoilt.url ?? url,
        nonce: spoilt.nonce ?? `nonce-${nonces++}`,
        now: (yield* now) - (spoilt.late ?? 0)
      }) ??
      ""
    return yield* http("POST", "/v1/token", {
      host,
      headers: dpop === "" ? {} : { dpop },
      json: { clientId, refreshToken, grantType: "refresh_token", ...spoilt.json }
    })
  })

const refusal = (file: File, spoilt: Spoilt) =>
  Effect.map(renew(file, spoilt), ({ headers, json, status }) => [
    status,
    headers["x-amzn-errortype"],
    json()["error"]
  ])

const invalid = [400, "ValidationException", "INVALID_REQUEST"]

it.effect("renews a login's credentials with its key", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const { content, fileName, loginSession } = yield* login()
    assert.strictEqual(loginSession, AwsSeed.arns.user)
    assert.match(fileName, /^[0-9a-f]{64}\.json$/)
    assert.strictEqual(content.accessToken.expiresAt, "2026-01-31T12:15:00Z")
    assert.strictEqual((yield* send(whoAmI({ key: content.accessToken }))).text("Arn"), AwsSeed.arns.user)
    const reply = yield* renew(content)
    assert.deepInclude<object>(reply.json(), { tokenType: "aws_sigv4", expiresIn: 900 })
    const { accessToken: key, refreshToken } = JSON.parse(reply.body) as File
    assert.strictEqual((yield* send(whoAmI({ key }))).text("Arn"), AwsSeed.arns.user)
    yield* TestClock.adjust("15 minutes")
    assert.strictEqual(yield* verdict(whoAmI({ key })), "ExpiredToken")
    assert.strictEqual((yield* renew({ ...content, refreshToken })).status, 200)
  }).pipe(emulator)
)

it.effect("requires a DPoP proof", () =>
  Effect.gen(function* () {
    const { content } = yield* login()
    const another = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey
    const key = another.export({ type: "sec1", format: "pem" }).toString()
    assert.deepStrictEqual(yield* refusal(content, { key }), [
      403,
      "AccessDeniedException",
      "INSUFFICIENT_PERMISSIONS"
    ])
    assert.deepStrictEqual(yield* refusal(content, { dpop: "" }), invalid)
    assert.deepStrictEqual(yield* refusal(content, { dpop: "a.b.c" }), invalid)
    assert.deepStrictEqual(yield* refusal(content, { url: "https://elsewhere.test/v1/token" }), invalid)
    assert.deepStrictEqual(yield* refusal(content, { late: 301_000 }), invalid)
    const good = yield* Effect.flatMap(Emulator.Emulator, ({ now }) => now)
    const dpop =
      proof({ key: Redacted.make(content.dpopKey), method: "POST", url, nonce: "n", now: good }) ?? ""
    const [head, , signature] = dpop.split(".")
    const claims = Buffer.from(JSON.stringify({ jti: "m", htm: "POST", htu: url, iat: good / 1000 }))
    assert.deepStrictEqual(
      yield* refusal(content, { dpop: `${head}.${claims.toString("base64url")}.${signature}` }),
      invalid
    )
    const reply = yield* renew(content, { nonce: "once" })
    assert.strictEqual(reply.status, 200)
    const { refreshToken } = JSON.parse(reply.body) as File
    assert.deepStrictEqual(yield* refusal({ ...content, refreshToken }, { nonce: "once" }), invalid)
  }).pipe(emulator)
)

it.effect("ends with the login, and accepts a token once", () =>
  Effect.gen(function* () {
    const { content } = yield* login({ expiresIn: "1 hour" })
    assert.deepStrictEqual(yield* refusal(content, { json: { clientId: "another" } }), invalid)
    assert.deepStrictEqual(yield* refusal(content, { json: { grantType: "authorization_code" } }), invalid)
    assert.deepStrictEqual(yield* refusal(content, { json: { refreshToken: undefined } }), invalid)
    const { refreshToken } = JSON.parse((yield* renew(content)).body) as File
    assert.deepStrictEqual(yield* refusal(content, {}), [
      403,
      "AccessDeniedException",
      "USER_CREDENTIALS_CHANGED"
    ])
    yield* TestClock.adjust("1 hour")
    assert.deepStrictEqual(yield* refusal({ ...content, refreshToken }, {}), [
      401,
      "AccessDeniedException",
      "TOKEN_EXPIRED"
    ])
    assert.strictEqual(
      (yield* Effect.flip(login({ userName: "nobody" }))).message,
      "No account has a user nobody."
    )
  }).pipe(emulator)
)

it.effect("has faults, and records neither token nor proof", () =>
  Effect.gen(function* () {
    const { addFault, requests } = yield* Emulator.Emulator
    const { content } = yield* login()
    yield* addFault(Fault.throttled({ status: 429 }), { operation: "CreateOAuth2Token" })
    assert.deepStrictEqual(yield* refusal(content, {}), [429, "TooManyRequestsError", "INVALID_REQUEST"])
    yield* addFault(Fault.serverError(500, "server_error"))
    assert.deepStrictEqual(yield* refusal(content, {}), [500, "InternalServerException", "server_error"])
    const [seen] = yield* requests
    assert.strictEqual(seen?.form, "token")
    assert.notInclude(JSON.stringify(seen), content.refreshToken)
    assert.notInclude(JSON.stringify(seen), seen?.header("dpop") ?? "none")
  }).pipe(emulator)
)
