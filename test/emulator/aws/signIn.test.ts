import { generateKeyPairSync } from "node:crypto"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { proof } from "../../../src/protocol/aws/loginSession.js"
import { AwsSeed, Emulator, Fault } from "../../../src/testing.js"
import { http } from "../http.js"
import { send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer())
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

it.effect("renews the credentials of a login, who holds its key", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const { content, fileName, loginSession } = yield* login()
    expect(loginSession).toBe(AwsSeed.arns.user)
    expect(fileName).toMatch(/^[0-9a-f]{64}\.json$/)
    expect(content.accessToken.expiresAt).toBe("2026-01-31T12:15:00Z")
    expect((yield* send(whoAmI({ key: content.accessToken }))).text("Arn")).toBe(AwsSeed.arns.user)
    const reply = yield* renew(content)
    expect(reply.json()).toMatchObject({ tokenType: "aws_sigv4", expiresIn: 900 })
    const { accessToken: key, refreshToken } = JSON.parse(reply.body) as File
    expect((yield* send(whoAmI({ key }))).text("Arn")).toBe(AwsSeed.arns.user)
    yield* TestClock.adjust("15 minutes")
    expect(yield* verdict(whoAmI({ key }))).toBe("ExpiredToken")
    expect((yield* renew({ ...content, refreshToken })).status).toBe(200)
  }).pipe(emulator)
)

it.effect("gives nothing without the proof that the key is there", () =>
  Effect.gen(function* () {
    const { content } = yield* login()
    const another = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey
    const key = another.export({ type: "sec1", format: "pem" }).toString()
    expect(yield* refusal(content, { key })).toEqual([
      403,
      "AccessDeniedException",
      "INSUFFICIENT_PERMISSIONS"
    ])
    expect(yield* refusal(content, { dpop: "" })).toEqual(invalid)
    expect(yield* refusal(content, { dpop: "a.b.c" })).toEqual(invalid)
    expect(yield* refusal(content, { url: "https://elsewhere.test/v1/token" })).toEqual(invalid)
    expect(yield* refusal(content, { late: 301_000 })).toEqual(invalid)
    const good = yield* Effect.flatMap(Emulator.Emulator, ({ now }) => now)
    const dpop =
      proof({ key: Redacted.make(content.dpopKey), method: "POST", url, nonce: "n", now: good }) ?? ""
    const [head, , signature] = dpop.split(".")
    const claims = Buffer.from(JSON.stringify({ jti: "m", htm: "POST", htu: url, iat: good / 1000 }))
    expect(yield* refusal(content, { dpop: `${head}.${claims.toString("base64url")}.${signature}` })).toEqual(
      invalid
    )
    const reply = yield* renew(content, { nonce: "once" })
    expect(reply.status).toBe(200)
    const { refreshToken } = JSON.parse(reply.body) as File
    expect(yield* refusal({ ...content, refreshToken }, { nonce: "once" })).toEqual(invalid)
  }).pipe(emulator)
)

it.effect("ends with the login, and knows no token twice", () =>
  Effect.gen(function* () {
    const { content } = yield* login({ expiresIn: "1 hour" })
    expect(yield* refusal(content, { json: { clientId: "another" } })).toEqual(invalid)
    expect(yield* refusal(content, { json: { grantType: "authorization_code" } })).toEqual(invalid)
    expect(yield* refusal(content, { json: { refreshToken: undefined } })).toEqual(invalid)
    const { refreshToken } = JSON.parse((yield* renew(content)).body) as File
    expect(yield* refusal(content, {})).toEqual([403, "AccessDeniedException", "USER_CREDENTIALS_CHANGED"])
    yield* TestClock.adjust("1 hour")
    expect(yield* refusal({ ...content, refreshToken }, {})).toEqual([
      401,
      "AccessDeniedException",
      "TOKEN_EXPIRED"
    ])
    expect((yield* Effect.flip(login({ userName: "nobody" }))).message).toBe("No account has a user nobody.")
  }).pipe(emulator)
)

it.effect("refuses on request, and records neither token nor proof", () =>
  Effect.gen(function* () {
    const { addFault, requests } = yield* Emulator.Emulator
    const { content } = yield* login()
    yield* addFault(Fault.throttled({ status: 429 }), { operation: "CreateOAuth2Token" })
    expect(yield* refusal(content, {})).toEqual([429, "TooManyRequestsError", "INVALID_REQUEST"])
    yield* addFault(Fault.serverError(500, "server_error"))
    expect(yield* refusal(content, {})).toEqual([500, "InternalServerException", "server_error"])
    const [seen] = yield* requests
    expect(seen?.form).toBe("token")
    expect(JSON.stringify(seen)).not.toContain(content.refreshToken)
    expect(JSON.stringify(seen)).not.toContain(seen?.header("dpop"))
  }).pipe(emulator)
)
