import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { exportJWK, generateKeyPair, SignJWT } from "jose"
import { AwsSeed, Emulator } from "../../../src/testing.js"
import { assumeRole, issuedKey, keyOf, refusal, send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer())
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

it.effect("takes a token of the provider, with the tags and the source identity in it", () =>
  Effect.gen(function* () {
    const claims = {
      "https://aws.amazon.com/tags": { principal_tags: { team: ["blue"] }, transitive_tag_keys: ["team"] },
      "https://aws.amazon.com/source_identity": "carol"
    }
    const reply = yield* send(withToken(yield* oidc({ claims })))
    expect(reply.text("SourceIdentity")).toBe("carol")
    expect(reply.text("PackedPolicySize")).toBe("1")
    const key = issuedKey(reply)
    expect((yield* send(whoAmI({ key }))).text("UserId")).toBe("AROAEMULATOROIDC00001:pod")
    const malformed = { "https://aws.amazon.com/tags": { principal_tags: "team" } }
    expect(yield* verdict(withToken(yield* oidc({ claims: malformed })))).toBe("InvalidIdentityToken")
  }).pipe(emulator)
)

it.effect("refuses tokens that are expired, of another issuer, or for another audience or subject", () =>
  Effect.gen(function* () {
    const token = yield* oidc({ expiresIn: "10 minutes" })
    expect(yield* verdict(withToken(token))).toBe("OK")
    expect(yield* refusal(withToken(yield* oidc({ issuer: "https://other.test" })))).toBe(
      "400 InvalidIdentityToken: No OpenIDConnect provider found in your account for https://other.test"
    )
    expect(yield* refusal(withToken(yield* oidc({ audience: "other" })))).toBe(
      "400 InvalidIdentityToken: Incorrect token audience"
    )
    expect(yield* refusal(withToken(yield* oidc({ subject: "system:serviceaccount:other:app" })))).toBe(
      "403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"
    )
    expect(yield* verdict(withToken(yield* oidc({ subject: "short" })))).toBe("IDPRejectedClaim")
    expect(yield* verdict(withToken(`${token.slice(0, -4)}AAAA`))).toBe("InvalidIdentityToken")
    expect(yield* refusal(withToken("nonsense"))).toContain("not a valid JWT")
    expect(yield* verdict(withToken(token, { RoleArn: arns.role }))).toBe("AccessDenied")
    expect(yield* verdict(withToken(token, { RoleArn: `${arns.role}-none` }))).toBe("AccessDenied")
    expect(yield* verdict(withToken(token, { ProviderId: "www.amazon.com" }))).toBe("ValidationError")
    expect(yield* verdict(withToken(token, { DurationSeconds: "7200" }))).toBe("ValidationError")
    const short = yield* refusal(withToken("x"))
    expect(short).toContain("Value at 'webIdentityToken' failed to satisfy constraint")
    yield* TestClock.adjust("10 minutes")
    expect(yield* refusal(withToken(token))).toContain("400 ExpiredTokenException: Token expired")
  }).pipe(emulator)
)

it.effect("takes a provider with keys of its own, and only them", () =>
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
    expect(yield* verdict(withToken(token))).toBe("OK")
    expect(yield* verdict(withToken(yield* oidc()))).toBe("InvalidIdentityToken")
  }).pipe(emulator)
)

const attributes = "https://aws.amazon.com/SAML/Attributes/"

it.effect("takes a SAML response, with the tags and the source identity in it", () =>
  Effect.gen(function* () {
    const more = {
      [`${attributes}SourceIdentity`]: "carol",
      [`${attributes}PrincipalTag:team`]: "blue",
      [`${attributes}TransitiveTagKeys`]: "team"
    }
    const reply = yield* send(withSaml(yield* saml({ attributes: more })))
    expect(reply.text("SourceIdentity")).toBe("carol")
    expect(reply.text("Arn")).toBe("arn:aws:sts::123456789012:assumed-role/saml/alice")
    const swapped = { [`${attributes}Role`]: `${arns.samlProvider}, ${arns.samlRole}` }
    expect(yield* verdict(withSaml(yield* saml({ attributes: swapped })))).toBe("OK")
    const regional = "https://eu-west-1.signin.aws.amazon.com/saml"
    expect(yield* verdict(withSaml(yield* saml({ recipient: regional })))).toBe("AccessDenied")
  }).pipe(emulator)
)

it.effect("refuses SAML responses that are expired, forged, or meant for another", () =>
  Effect.gen(function* () {
    const response = yield* saml()
    expect(yield* verdict(withSaml(response))).toBe("OK")
    expect(yield* refusal(withSaml("%%%%"))).toBe("400 InvalidIdentityToken: Invalid base64 SAMLResponse")
    expect(yield* refusal(withSaml(yield* saml({ issuer: "https://other.test" })))).toBe(
      "400 InvalidIdentityToken: Issuer not present in specified provider"
    )
    expect(yield* refusal(withSaml(yield* saml({ audience: "urn:other" })))).toBe(
      "400 InvalidIdentityToken: Response does not contain the required audience."
    )
    expect(yield* verdict(withSaml(yield* saml({ recipient: "https://other.test" })))).toBe(
      "InvalidIdentityToken"
    )
    expect(yield* verdict(withSaml(yield* saml({ roleArn: arns.role })))).toBe("AccessDenied")
    expect(yield* refusal(withSaml(yield* saml({ roleSessionName: "a b" })))).toContain(
      "RoleSessionName in Authn"
    )
    const badIdentity = { [`${attributes}SourceIdentity`]: "a b" }
    expect(yield* verdict(withSaml(yield* saml({ attributes: badIdentity })))).toBe("InvalidIdentityToken")
    const xml = Buffer.from(response, "base64").toString("utf8")
    const changed = (from: string, to: string) =>
      withSaml(Buffer.from(xml.replace(from, to), "utf8").toString("base64"))
    expect(yield* verdict(changed(">alice<", ">mallory<"))).toBe("InvalidIdentityToken")
    expect(yield* verdict(changed("status:Success", "status:Requester"))).toBe("IDPRejectedClaim")
    const none = `${arns.samlProvider}-none`
    expect(yield* verdict(withSaml(response, { PrincipalArn: none }))).toBe("AccessDenied")
    yield* TestClock.adjust("5 minutes")
    expect(yield* verdict(withSaml(response))).toBe("ExpiredTokenException")
  }).pipe(emulator)
)

it.effect("vouches for federated users, who may do nothing here but ask who they are", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const call = (parameters = {}, key = keyOf("user")) => ({
      action: "GetFederationToken",
      parameters: { Name: "carol", ...parameters },
      key
    })
    const reply = yield* send(call({ "Tags.member.1.Key": "team", "Tags.member.1.Value": "blue" }))
    expect(reply.text("Expiration")).toBe("2026-02-01T00:00:00Z")
    expect(reply.text("FederatedUserId")).toBe("123456789012:carol")
    const key = issuedKey(reply)
    const me = yield* send(whoAmI({ key }))
    expect([me.text("Arn"), me.text("UserId")]).toEqual([
      "arn:aws:sts::123456789012:federated-user/carol",
      "123456789012:carol"
    ])
    expect(yield* refusal(assumeRole({}, { key }))).toBe(
      "403 AccessDenied: Cannot call AssumeRole with session credentials"
    )
    expect((yield* send(call({}, keyOf("root")))).text("Expiration")).toBe("2026-01-31T13:00:00Z")
    expect(yield* verdict(call({}, keyOf("userWithoutPermission")))).toBe("AccessDenied")
    const session = issuedKey(yield* send(assumeRole()))
    expect(yield* refusal(call({}, session))).toContain(
      "Cannot call GetFederationToken with session credentials"
    )
    expect(yield* verdict(call({ Policy: "{}" }))).toBe("MalformedPolicyDocument")
    expect(yield* verdict(call({ Name: "a" }))).toBe("ValidationError")
    expect(yield* verdict(call({ DurationSeconds: "129601" }))).toBe("ValidationError")
  }).pipe(emulator)
)
