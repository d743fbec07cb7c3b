import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose"
import { AlibabaSeed, Emulator } from "../../../src/testing.js"
import { issuedKey, send, verdict } from "./support.js"

const emulator = Effect.provide(Emulator.layer)
const { arns } = AlibabaSeed

const withToken = (OIDCToken: string, more = {}) =>
  ({
    action: "AssumeRoleWithOIDC",
    key: null,
    parameters: {
      OIDCProviderArn: arns.oidcProvider,
      RoleArn: arns.oidcRole,
      RoleSessionName: "pod",
      OIDCToken,
      ...more
    }
  }) as const

const mint = (options = {}) =>
  Effect.gen(function* () {
    const { alibaba } = yield* Emulator.Emulator
    return Redacted.value(yield* alibaba.mintOidcToken(options))
  })

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url")

const part = (token: string, index: number): string => token.split(".")[index] ?? ""

it.effect("issues credentials for the provider's token", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const reply = yield* send(withToken(yield* mint({ expiresIn: "10 minutes" })))
    assert.deepStrictEqual(reply.json["OIDCTokenInfo"], {
      Subject: AlibabaSeed.oidcSubject,
      Issuer: AlibabaSeed.oidcIssuer,
      ClientIds: AlibabaSeed.oidcClientId,
      ExpirationTime: "2026-01-31T12:10:00Z",
      IssuanceTime: "2026-01-31T12:00:00Z",
      VerificationInfo: "Success"
    })
    assert.deepStrictEqual(reply.json.AssumedRoleUser, {
      Arn: "acs:sts::1234567890123456:assumed-role/oidc/pod",
      AssumedRoleId: "390000000000000005:pod"
    })
    const me = yield* send({ action: "GetCallerIdentity", key: issuedKey(reply) })
    assert.strictEqual(me.json.Arn, "acs:ram::1234567890123456:assumed-role/oidc/pod")
  }).pipe(emulator)
)

it.effect("refuses tokens that are expired, of another issuer or for another audience", () =>
  Effect.gen(function* () {
    const token = yield* mint({ expiresIn: "10 minutes" })
    assert.strictEqual(yield* verdict(withToken(token)), "OK")
    // As the vendor's credential packages call it.
    assert.strictEqual(yield* verdict({ ...withToken(token), nonce: "" }), "OK")
    yield* TestClock.adjust("10 minutes")
    assert.strictEqual(yield* verdict(withToken(token)), "AuthenticationFail.OIDCToken.Expired")
    const refused = (options: object) => Effect.flatMap(mint(options), (one) => verdict(withToken(one)))
    assert.strictEqual(
      yield* refused({ issuer: "https://elsewhere.test" }),
      "AuthenticationFail.OIDCToken.Invalid"
    )
    assert.strictEqual(yield* refused({ audience: "elsewhere" }), "AuthenticationFail.OIDCToken.Invalid")
    assert.strictEqual(
      yield* refused({ claims: { nbf: 4102444800 } }),
      "AuthenticationFail.OIDCToken.Invalid"
    )
    assert.strictEqual(yield* refused({ audience: ["elsewhere", AlibabaSeed.oidcClientId] }), "OK")
  }).pipe(emulator)
)

it.effect("checks the role's trust in provider and subject", () =>
  Effect.gen(function* () {
    const stranger = yield* mint({ subject: "system:serviceaccount:other:app" })
    assert.strictEqual(yield* verdict(withToken(stranger)), "AuthenticationFail.NoPermission")
    const token = yield* mint()
    const of = (more: object) => verdict(withToken(token, more))
    assert.strictEqual(yield* of({ RoleArn: arns.role }), "AuthenticationFail.NoPermission")
    assert.strictEqual(yield* of({ RoleArn: `${arns.role}x` }), "EntityNotExist.Role")
    assert.strictEqual(yield* of({ OIDCProviderArn: `${arns.oidcProvider}x` }), "EntityNotExist.OIDCProvider")
    assert.strictEqual(yield* of({ OIDCProviderArn: "wrong" }), "InvalidParameter.OIDCProviderArn")
    assert.strictEqual(yield* of({ OIDCToken: "" }), "MissingParameter.OIDCToken")
    assert.strictEqual(yield* of({ RoleSessionName: "" }), "MissingParameter.RoleSessionName")
    assert.strictEqual(yield* of({ OIDCToken: "not.a.jwt" }), "AuthenticationFail.OIDCToken.Invalid")
  }).pipe(emulator)
)

it.effect("refuses a token with any part changed, unsigned, or signed with another key", () =>
  Effect.gen(function* () {
    const token = yield* mint()
    const [header, payload, signature] = [part(token, 0), part(token, 1), part(token, 2)]
    const invalid = (...parts: ReadonlyArray<string>) =>
      Effect.map(verdict(withToken(parts.join("."))), (code) =>
        assert.strictEqual(code, "AuthenticationFail.OIDCToken.Invalid")
      )
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString())
    yield* invalid(header, encode({ ...claims, sub: "system:serviceaccount:default:root" }), signature)
    yield* invalid(header, payload, `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`)
    yield* invalid(encode({ alg: "none", typ: "JWT" }), payload, "")
    yield* invalid(encode({ alg: "none", typ: "JWT" }), payload, signature)
    yield* invalid(encode({ alg: "RS512", kid: "emulator" }), payload, signature)

    const secret = new TextEncoder().encode("the public key as anybody can write it down")
    const hs256 = new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "emulator" })
    yield* invalid(yield* Effect.promise(() => hs256.sign(secret)))

    const other = yield* Effect.promise(() => generateKeyPair("RS256"))
    const forged = new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "emulator" })
    yield* invalid(yield* Effect.promise(() => forged.sign(other.privateKey)))
  }).pipe(emulator)
)

it.effect("accepts a provider's own public keys, never as a shared secret", () =>
  Effect.gen(function* () {
    const { privateKey, publicKey } = yield* Effect.promise(() =>
      generateKeyPair("RS256", { extractable: true })
    )
    const jwk = { ...(yield* Effect.promise(() => exportJWK(publicKey))), kid: "own" }
    const pem = yield* Effect.promise(() => exportSPKI(publicKey))
    const provider = {
      name: "emulator",
      issuer: AlibabaSeed.oidcIssuer,
      clientIds: [AlibabaSeed.oidcClientId],
      keys: { keys: [jwk] }
    }
    const account = { ...AlibabaSeed.account, oidcProviders: [provider] }
    const claims = {
      iss: AlibabaSeed.oidcIssuer,
      aud: AlibabaSeed.oidcClientId,
      sub: AlibabaSeed.oidcSubject
    }
    const signed = (alg: string, key: CryptoKey | Uint8Array) =>
      Effect.promise(() =>
        new SignJWT(claims)
          .setProtectedHeader({ alg, kid: "own" })
          .setIssuedAt(0)
          .setExpirationTime(600)
          .sign(key)
      )
    const secrets = [pem, pem.trim(), jwk.n ?? "", JSON.stringify(jwk)].map((text) =>
      new TextEncoder().encode(text)
    )
    const run = Effect.gen(function* () {
      assert.strictEqual(yield* verdict(withToken(yield* signed("RS256", privateKey))), "OK")
      assert.strictEqual(yield* verdict(withToken(yield* mint())), "AuthenticationFail.OIDCToken.Invalid")
      for (const secret of secrets) {
        const forged = yield* signed("HS256", secret)
        assert.strictEqual(yield* verdict(withToken(forged)), "AuthenticationFail.OIDCToken.Invalid")
      }
    })
    yield* Effect.provide(run, Emulator.layerWith({ alibaba: { accounts: [account] } }))
  })
)
