import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as TestClock from "effect/testing/TestClock"
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose"
import { AlibabaSeed, AwsSeed, Emulator } from "../../../src/testing.js"
import { send as sendToAlibaba } from "../alibaba/support.js"
import { assumeRole, issuedKey, keyOf, refusal, send, verdict } from "./support.js"

const emulator = Effect.provide(Emulator.layer)

const call = (parameters = {}, more = {}) => ({
  action: "GetWebIdentityToken",
  parameters: { "Audience.member.1": "api", SigningAlgorithm: "RS256", ...parameters },
  ...more
})

const getJson = (url: string) =>
  Effect.flatMap(HttpClient.get(url), (reply) => Effect.map(reply.json, (json) => json as object))

const tokenOf = (parameters = {}, more = {}) =>
  Effect.map(send(call(parameters, more)), ({ text }) => text("WebIdentityToken") ?? "")

it.effect.each(["RS256", "ES384"])("issues tokens that verify by what is published (%s)", (algorithm) =>
  Effect.gen(function* () {
    const start = Date.parse("2026-01-31T12:00:00Z")
    yield* TestClock.setTime(start)
    const token = yield* tokenOf({
      SigningAlgorithm: algorithm,
      "Audience.member.2": "other",
      "Tags.member.1.Key": "job",
      "Tags.member.1.Value": "nightly"
    })
    const issuer = AwsSeed.webIdentityIssuer
    const discovery = yield* getJson(`${issuer}/.well-known/openid-configuration`)
    assert.deepInclude(discovery, { issuer, jwks_uri: `${issuer}/.well-known/jwks.json` })
    const keys = (yield* getJson(`${issuer}/.well-known/jwks.json`)) as JSONWebKeySet
    assert.notInclude(JSON.stringify(keys), '"d"')
    const { payload, protectedHeader } = yield* Effect.promise(() =>
      jwtVerify(token, createLocalJWKSet(keys), { issuer, audience: "api", currentDate: new Date(start) })
    )
    assert.strictEqual(protectedHeader.alg, algorithm)
    assert.isString(payload.jti)
    assert.deepInclude(payload, {
      aud: ["api", "other"],
      sub: AwsSeed.arns.user,
      iat: start / 1000,
      exp: start / 1000 + 300,
      "https://sts.amazonaws.com/": {
        aws_account: AwsSeed.accountId,
        principal_id: AwsSeed.arns.user,
        request_tags: { job: "nightly" }
      }
    })
  }).pipe(emulator)
)

it.effect("issues tokens that the emulated Alibaba Cloud accepts", () =>
  Effect.gen(function* () {
    const withToken = (OIDCToken: string) =>
      sendToAlibaba({
        action: "AssumeRoleWithOIDC",
        key: null,
        parameters: {
          OIDCProviderArn: AlibabaSeed.arns.awsOidcProvider,
          RoleArn: AlibabaSeed.arns.awsRole,
          RoleSessionName: "from-aws",
          OIDCToken
        }
      })
    for (const SigningAlgorithm of ["RS256", "ES384"]) {
      const token = yield* tokenOf({ "Audience.member.1": AlibabaSeed.oidcClientId, SigningAlgorithm })
      const { json } = yield* withToken(token)
      assert.strictEqual(json.AssumedRoleUser?.Arn, "acs:sts::1234567890123456:assumed-role/aws/from-aws")
    }
    assert.include((yield* withToken(yield* tokenOf())).json.Code, "OIDCToken.Invalid")
  }).pipe(emulator)
)

it.effect("names a session's role, and limits tokens to the session", () =>
  Effect.gen(function* () {
    const key = issuedKey(yield* send(assumeRole({ DurationSeconds: "900" })))
    const [, payload = ""] = (yield* tokenOf({}, { key })).split(".")
    assert.deepInclude(JSON.parse(Buffer.from(payload, "base64url").toString()), { sub: AwsSeed.arns.role })
    assert.strictEqual(
      yield* verdict(call({ DurationSeconds: "901" }, { key })),
      "SessionDurationEscalationException"
    )
    assert.strictEqual(yield* verdict(call({ DurationSeconds: "900" }, { key })), "OK")
  }).pipe(emulator)
)

it.effect("refuses what it cannot issue", () =>
  Effect.gen(function* () {
    const { aws } = yield* Emulator.Emulator
    assert.strictEqual(yield* verdict(call({}, { key: keyOf("userWithoutPermission") })), "AccessDenied")
    assert.include(yield* refusal(call({ SigningAlgorithm: "HS256" })), "enum value set: [RS256, ES384]")
    assert.strictEqual(yield* verdict(call({ DurationSeconds: "59" })), "ValidationError")
    assert.include(
      yield* refusal({ action: "GetWebIdentityToken", parameters: { SigningAlgorithm: "RS256" } }),
      "Value null at 'audience'"
    )
    const tags = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [
        [`Tags.member.${index + 1}.Key`, `key${index}`],
        [`Tags.member.${index + 1}.Value`, "v".repeat(256)]
      ]).flat()
    )
    assert.strictEqual(yield* verdict(call(tags)), "JWTPayloadSizeExceededException")
    yield* aws.updateAccounts((accounts) =>
      accounts.map((account) => ({ ...account, webIdentityIssuer: undefined }))
    )
    assert.strictEqual(yield* verdict(call()), "OutboundWebIdentityFederationDisabledException")
    const reply = yield* HttpClient.get(`${AwsSeed.webIdentityIssuer}/.well-known/jwks.json`)
    assert.strictEqual(reply.status, 404)
  }).pipe(emulator)
)
