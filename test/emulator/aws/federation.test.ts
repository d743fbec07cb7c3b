import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { exportJWK, generateKeyPair, SignJWT } from "jose"
import { AwsSeed, Emulator } from "../../../src/testing.js"
import { assumeRole, issuedKey, keyOf, refusal, send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer)
const { arns } = AwsSeed

const withToken = (WebIdentityToken: string, more = {}) => ({
  action: "AssumeRoleWithWebIdentity",
  key: null,
  parameters: { RoleArn: arns.oidcRole, RoleSessionName: "pod", WebIdentityToken, ...more }
})

const oidc = (options = {}) =>
  Effect.gen(function* () {
    const { aws } = yield* Emulator.Emulator
    return Redacted.value(yield* aws.mintOidcToken(options))
  })

const withSaml = (SAMLAssertion: string, more = {}) => ({
  action: "AssumeRoleWithSAML",
  key: null,
  parameters: { RoleArn: arns.samlRole, PrincipalArn: arns.samlProvider, SAMLAssertion, ...more }
})

const saml = (options = {}) =>
  Effect.gen(function* () {
    const { aws } = yield* Emulator.Emulator
    return Redacted.value(yield* aws.mintSamlResponse(options))
  })

it.effect("accepts the provider's token with tags and source identity", () =>
  Effect.gen(function* () {
    const claims = {
      "https://aws.amazon.com/tags": { principal_tags: { team: ["blue"] }, transitive_tag_keys: ["team"] },
      "https://aws.amazon.com/source_identity": "carol"
    }
    const reply = yield* send(withToken(yield* oidc({ claims })))
    assert.strictEqual(reply.text("SourceIdentity"), "carol")
    assert.strictEqual(reply.text("PackedPolicySize"), "1")
    const key = issuedKey(reply)
    assert.strictEqual((yield* send(whoAmI({ key }))).text("UserId"), "AROAEMULATOROIDC00001:pod")
    const malformed = { "https://aws.amazon.com/tags": { principal_tags: "team" } }
    assert.strictEqual(yield* verdict(withToken(yield* oidc({ claims: malformed }))), "InvalidIdentityToken")
  }).pipe(emulator)
)

it.effect("refuses tokens that are expired, of another issuer, or for another audience or subject", () =>
  Effect.gen(function* () {
    const token = yield* oidc({ expiresIn: "10 minutes" })
    assert.strictEqual(yield* verdict(withToken(token)), "OK")
    assert.strictEqual(
      yield* refusal(withToken(yield* oidc({ issuer: "https://other.test" }))),
      "400 InvalidIdentityToken: No OpenIDConnect provider found in your account for https://other.test"
    )
    assert.strictEqual(
      yield* refusal(withToken(yield* oidc({ audience: "other" }))),
      "400 InvalidIdentityToken: Incorrect token audience"
    )
    assert.strictEqual(
      yield* refusal(withToken(yield* oidc({ subject: "system:serviceaccount:other:app" }))),
      "403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"
    )
    assert.strictEqual(yield* verdict(withToken(yield* oidc({ subject: "short" }))), "IDPRejectedClaim")
    assert.strictEqual(yield* verdict(withToken(`${token.slice(0, -4)}AAAA`)), "InvalidIdentityToken")
    assert.include(yield* refusal(withToken("nonsense")), "not a valid JWT")
    assert.strictEqual(yield* verdict(withToken(token, { RoleArn: arns.role })), "AccessDenied")
    assert.strictEqual(yield* verdict(withToken(token, { RoleArn: `${arns.role}-none` })), "AccessDenied")
    assert.strictEqual(yield* verdict(withToken(token, { ProviderId: "www.amazon.com" })), "ValidationError")
    assert.strictEqual(yield* verdict(withToken(token, { DurationSeconds: "7200" })), "ValidationError")
    const short = yield* refusal(withToken("x"))
    assert.include(short, "Value at 'webIdentityToken' failed to satisfy constraint")
    yield* TestClock.adjust("10 minutes")
    assert.include(yield* refusal(withToken(token)), "400 ExpiredTokenException: Token expired")
  }).pipe(emulator)
)

it.effect("accepts only the provider's own keys", () =>
  Effect.gen(function* () {
    const { aws, now } = yield* Emulator.Emulator
    const pair = yield* Effect.promise(() => generateKeyPair("ES256"))
    const jwk = yield* Effect.promise(() => exportJWK(pair.publicKey))
    yield* aws.updateAccounts((accounts) =>
      accounts.map((account) => ({
        ...account,
        oidcProviders: account.oidcProviders.map((provider) => ({
          ...provider,
          keys: { keys: [{ ...jwk }] }
        }))
      }))
    )
    const seconds = Math.floor((yield* now) / 1000)
    const token = yield* Effect.promise(() =>
      new SignJWT()
        .setProtectedHeader({ alg: "ES256" })
        .setIssuer(AwsSeed.oidcIssuer)
        .setAudience(AwsSeed.oidcClientId)
        .setSubject(AwsSeed.oidcSubject)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + 60)
        .sign(pair.privateKey)
    )
    assert.strictEqual(yield* verdict(withToken(token)), "OK")
    assert.strictEqual(yield* verdict(withToken(yield* oidc())), "InvalidIdentityToken")
  }).pipe(emulator)
)

const attributes = "https://aws.amazon.com/SAML/Attributes/"

it.effect("accepts a SAML response with tags and source identity", () =>
  Effect.gen(function* () {
    const more = {
      [`${attributes}SourceIdentity`]: "carol",
      [`${attributes}PrincipalTag:team`]: "blue",
      [`${attributes}TransitiveTagKeys`]: "team"
    }
    const reply = yield* send(withSaml(yield* saml({ attributes: more })))
    assert.strictEqual(reply.text("SourceIdentity"), "carol")
    assert.strictEqual(reply.text("Arn"), "arn:aws:sts::123456789012:assumed-role/saml/alice")
    const swapped = { [`${attributes}Role`]: `${arns.samlProvider}, ${arns.samlRole}` }
    assert.strictEqual(yield* verdict(withSaml(yield* saml({ attributes: swapped }))), "OK")
    const regional = "https://eu-west-1.signin.aws.amazon.com/saml"
    assert.strictEqual(yield* verdict(withSaml(yield* saml({ recipient: regional }))), "AccessDenied")
  }).pipe(emulator)
)

it.effect("refuses expired, forged and misdirected SAML responses", () =>
  Effect.gen(function* () {
    const response = yield* saml()
    assert.strictEqual(yield* verdict(withSaml(response)), "OK")
    assert.strictEqual(
      yield* refusal(withSaml("%%%%")),
      "400 InvalidIdentityToken: Invalid base64 SAMLResponse"
    )
    assert.strictEqual(
      yield* refusal(withSaml(yield* saml({ issuer: "https://other.test" }))),
      "400 InvalidIdentityToken: Issuer not present in specified provider"
    )
    assert.strictEqual(
      yield* refusal(withSaml(yield* saml({ audience: "urn:other" }))),
      "400 InvalidIdentityToken: Response does not contain the required audience."
    )
    assert.strictEqual(
      yield* verdict(withSaml(yield* saml({ recipient: "https://other.test" }))),
      "InvalidIdentityToken"
    )
    assert.strictEqual(yield* verdict(withSaml(yield* saml({ roleArn: arns.role }))), "AccessDenied")
    assert.include(
      yield* refusal(withSaml(yield* saml({ roleSessionName: "a b" }))),
      "RoleSessionName in Authn"
    )
    const badIdentity = { [`${attributes}SourceIdentity`]: "a b" }
    assert.strictEqual(
      yield* verdict(withSaml(yield* saml({ attributes: badIdentity }))),
      "InvalidIdentityToken"
    )
    const xml = Buffer.from(response, "base64").toString("utf8")
    const changed = (from: string, to: string) =>
      withSaml(Buffer.from(xml.replace(from, to), "utf8").toString("base64"))
    assert.strictEqual(yield* verdict(changed(">alice<", ">mallory<")), "InvalidIdentityToken")
    assert.strictEqual(yield* verdict(changed("status:Success", "status:Requester")), "IDPRejectedClaim")
    const none = `${arns.samlProvider}-none`
    assert.strictEqual(yield* verdict(withSaml(response, { PrincipalArn: none })), "AccessDenied")
    yield* TestClock.adjust("5 minutes")
    assert.strictEqual(yield* verdict(withSaml(response)), "ExpiredTokenException")
  }).pipe(emulator)
)

it.effect("federated users may only call GetCallerIdentity", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const call = (parameters = {}, key = keyOf("user")) => ({
      action: "GetFederationToken",
      parameters: { Name: "carol", ...parameters },
      key
    })
    const reply = yield* send(call({ "Tags.member.1.Key": "team", "Tags.member.1.Value": "blue" }))
    assert.strictEqual(reply.text("Expiration"), "2026-02-01T00:00:00Z")
    assert.strictEqual(reply.text("FederatedUserId"), "123456789012:carol")
    const key = issuedKey(reply)
    const me = yield* send(whoAmI({ key }))
    assert.deepStrictEqual(
      [me.text("Arn"), me.text("UserId")],
      ["arn:aws:sts::123456789012:federated-user/carol", "123456789012:carol"]
    )
    assert.strictEqual(
      yield* refusal(assumeRole({}, { key })),
      "403 AccessDenied: Cannot call AssumeRole with session credentials"
    )
    assert.strictEqual((yield* send(call({}, keyOf("root")))).text("Expiration"), "2026-01-31T13:00:00Z")
    assert.strictEqual(yield* verdict(call({}, keyOf("userWithoutPermission"))), "AccessDenied")
    const session = issuedKey(yield* send(assumeRole()))
    assert.include(
      yield* refusal(call({}, session)),
      "Cannot call GetFederationToken with session credentials"
    )
    assert.strictEqual(yield* verdict(call({ Policy: "{}" })), "MalformedPolicyDocument")
    assert.strictEqual(yield* verdict(call({ Name: "a" })), "ValidationError")
    assert.strictEqual(yield* verdict(call({ DurationSeconds: "129601" })), "ValidationError")
  }).pipe(emulator)
)
