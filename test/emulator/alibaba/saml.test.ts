import { generateKeyPairSync } from "node:crypto"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { SignedXml } from "xml-crypto"
import { AlibabaSeed, Emulator } from "../../../src/testing.js"
import { issuedKey, send, verdict } from "./support.js"

const emulator = Effect.provide(Emulator.layer)
const { arns } = AlibabaSeed
const invalidCode = "AuthenticationFail.SAMLAssertion.Invalid"

const withAssertion = (SAMLAssertion: string, more = {}) =>
  ({
    action: "AssumeRoleWithSAML",
    key: null,
    parameters: { SAMLProviderArn: arns.samlProvider, RoleArn: arns.samlRole, SAMLAssertion, ...more }
  }) as const

const mint = (options = {}) =>
  Effect.gen(function* () {
    const { alibaba } = yield* Emulator.Emulator
    return Redacted.value(yield* alibaba.mintSamlResponse(options))
  })

const decode = (response: string): string => Buffer.from(response, "base64").toString("utf8")
const encode = (xml: string): string => Buffer.from(xml, "utf8").toString("base64")

const assertionIn = (xml: string): string => /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? ""
const signatureIn = (xml: string): string => /<ds:Signature[\s\S]*<\/ds:Signature>/.exec(xml)?.[0] ?? ""

it.effect("issues credentials for the provider's response", () =>
  Effect.gen(function* () {
    const reply = yield* send(withAssertion(yield* mint({ subject: "a<b>&\"c'", roleSessionName: "carol" })))
    assert.deepStrictEqual(reply.json["SAMLAssertionInfo"], {
      SubjectType: "persistent",
      Subject: "a<b>&\"c'",
      Issuer: AlibabaSeed.samlEntityId,
      Recipient: AlibabaSeed.samlRecipient
    })
    assert.strictEqual(reply.json.AssumedRoleUser?.Arn, "acs:sts::1234567890123456:assumed-role/saml/carol")
    const me = yield* send({ action: "GetCallerIdentity", key: issuedKey(reply) })
    assert.strictEqual(me.json.Arn, "acs:ram::1234567890123456:assumed-role/saml/carol")
  }).pipe(emulator)
)

it.effect("refuses expired and future responses", () =>
  Effect.gen(function* () {
    yield* TestClock.adjust("1 hour")
    const response = yield* mint({ expiresIn: "5 minutes" })
    const { setClockOffset } = yield* Emulator.Emulator
    yield* setClockOffset(-1000)
    assert.strictEqual(yield* verdict(withAssertion(response)), "AuthenticationFail.SAMLAssertion.Expired")
    yield* setClockOffset(0)
    assert.strictEqual(yield* verdict(withAssertion(response)), "OK")
    yield* TestClock.adjust("5 minutes")
    assert.strictEqual(yield* verdict(withAssertion(response)), "AuthenticationFail.SAMLAssertion.Expired")
  }).pipe(emulator)
)

it.effect("refuses another issuer, audience, recipient, role, provider or session name", () =>
  Effect.gen(function* () {
    const of = (options: object) => Effect.flatMap(mint(options), (one) => verdict(withAssertion(one)))
    assert.strictEqual(yield* of({ issuer: "https://elsewhere.test" }), invalidCode)
    assert.strictEqual(yield* of({ audience: "urn:elsewhere" }), invalidCode)
    assert.strictEqual(yield* of({ recipient: "https://elsewhere.test" }), invalidCode)
    assert.strictEqual(yield* of({ roleArn: arns.role }), invalidCode)
    assert.strictEqual(yield* of({ samlProviderArn: arns.oidcProvider }), invalidCode)
    assert.strictEqual(yield* of({ roleSessionName: "with space" }), invalidCode)
    assert.strictEqual(
      yield* of({ recipient: "https://signin.aliyun.com/saml-role/sso" }),
      "AuthenticationFail.NoPermission"
    )
  }).pipe(emulator)
)

it.effect("requires parameters, role and provider", () =>
  Effect.gen(function* () {
    const response = yield* mint()
    const of = (more: object) => verdict(withAssertion(response, more))
    assert.strictEqual(yield* of({ SAMLAssertion: "" }), "MissingParameter.SAMLAssertion")
    assert.strictEqual(yield* of({ SAMLAssertion: "<xml/>" }), "InvalidParameter.SAMLAssertion")
    assert.strictEqual(yield* of({ SAMLAssertion: encode("no xml") }), invalidCode)
    assert.strictEqual(yield* of({ SAMLProviderArn: `${arns.samlProvider}x` }), "EntityNotExist.SAMLProvider")
    assert.strictEqual(yield* of({ RoleArn: `${arns.samlRole}x` }), "EntityNotExist.Role")
    assert.strictEqual(yield* of({ DurationSeconds: "7200" }), "InvalidParameter.DurationSeconds")
  }).pipe(emulator)
)

it.effect("refuses a response with any character of its assertion changed", () =>
  Effect.gen(function* () {
    const xml = decode(yield* mint())
    const start = xml.indexOf("<saml:Assertion")
    // The last letter of a text in base64 has bits that nobody reads.
    const letters = Array.from(xml.matchAll(/[A-Za-z0-9](?!=+<)/g), ({ index }) => index).filter(
      (at) => at > start
    )
    const some = letters.filter((_, index) => index % 7 === 0)
    const statuses = yield* Effect.forEach(some, (at) =>
      Effect.map(
        send(withAssertion(encode(xml.slice(0, at) + (xml[at] === "x" ? "y" : "x") + xml.slice(at + 1)))),
        ({ status }) => status
      )
    )
    assert.isAbove(some.length, 200)
    assert.deepStrictEqual(
      statuses.filter((status) => status < 400),
      []
    )
  }).pipe(emulator)
)

it.effect("refuses signature wrapping everywhere", () =>
  Effect.gen(function* () {
    const xml = decode(yield* mint())
    const signed = assertionIn(xml)
    const evil = signed
      .replace(signatureIn(signed), "")
      .replace(/ID="[^"]*"/, 'ID="_evil"')
      .replace("alice@emulator.test", "root@emulator.test")
    const evilSigned = evil.replace("</saml:Issuer>", `</saml:Issuer>${signatureIn(signed)}`)
    const attacks = [
      xml.replace(signed, evil + signed),
      xml.replace(signed, signed + evil),
      xml.replace(signed, evilSigned),
      xml.replace(signed, evil.replace("</saml:Assertion>", `${signed}</saml:Assertion>`)),
      xml.replace(
        signed,
        evilSigned.replace(
          "</ds:Signature>",
          `<ds:Object>${signed.replace(signatureIn(signed), "")}</ds:Object></ds:Signature>`
        )
      ),
      xml.replace(signed, `<samlp:Extensions>${signed}</samlp:Extensions>${evil}`),
      xml.replace(signed, evil),
      xml.replace(signatureIn(signed), ""),
      xml.replace(signatureIn(signed), signatureIn(signed).repeat(2)),
      `<!DOCTYPE samlp:Response [<!ENTITY x "y">]>${xml}`
    ]
    assert.notStrictEqual(evilSigned, signed)
    for (const attack of attacks) {
      assert.notStrictEqual(attack, xml)
      assert.strictEqual(yield* verdict(withAssertion(encode(attack))), invalidCode)
    }
    assert.strictEqual(yield* verdict(withAssertion(encode(xml))), "OK")
  }).pipe(emulator)
)

it.effect("handles comments inside names", () =>
  Effect.gen(function* () {
    const xml = decode(yield* mint({ subject: "root@emulator.test.evil.test" }))
    const split = xml.replace("root@emulator.test", "root@emulator.test<!-- -->")
    const reply = yield* send(withAssertion(encode(split)))
    assert.deepInclude(reply.json["SAMLAssertionInfo"], { Subject: "root@emulator.test.evil.test" })
  }).pipe(emulator)
)

const keyPair = () => generateKeyPairSync("rsa", { modulusLength: 2048 })
const pem = (key: ReturnType<typeof keyPair>["publicKey"]) =>
  key.export({ format: "pem", type: "spki" }).toString()

const signWith = (xml: string, algorithm: string, digest: string, key: string, hmac = false): string => {
  const signer = new SignedXml({
    privateKey: key,
    signatureAlgorithm: algorithm,
    canonicalizationAlgorithm: "http://www.w3.org/2001/10/xml-exc-c14n#"
  })
  if (hmac) signer.enableHMAC()
  signer.addReference({
    xpath: "/*",
    transforms: [
      "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
      "http://www.w3.org/2001/10/xml-exc-c14n#"
    ],
    digestAlgorithm: digest
  })
  signer.computeSignature(xml, { prefix: "ds" })
  return signer.getSignedXml()
}

const rsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
const sha256 = "http://www.w3.org/2001/04/xmlenc#sha256"

it.effect("accepts a provider's own key and a signed response, and refuses weak algorithms", () => {
  const { privateKey, publicKey } = keyPair()
  const own = privateKey.export({ format: "pem", type: "pkcs8" }).toString()
  const account = {
    ...AlibabaSeed.account,
    samlProviders: [{ name: "emulator", entityId: AlibabaSeed.samlEntityId, certificate: pem(publicKey) }]
  }
  return Effect.gen(function* () {
    const minted = decode(yield* mint())
    assert.strictEqual(yield* verdict(withAssertion(encode(minted))), invalidCode)
    const unsigned = minted.replace(signatureIn(minted), "")
    const of = (xml: string) => verdict(withAssertion(encode(xml)))
    assert.strictEqual(yield* of(unsigned), invalidCode)
    assert.strictEqual(yield* of(signWith(unsigned, rsaSha256, sha256, own)), "OK")
    const weak = "http://www.w3.org/2000/09/xmldsig#"
    assert.strictEqual(yield* of(signWith(unsigned, `${weak}rsa-sha1`, sha256, own)), invalidCode)
    assert.strictEqual(yield* of(signWith(unsigned, rsaSha256, `${weak}sha1`, own)), invalidCode)
    assert.strictEqual(
      yield* of(signWith(unsigned, `${weak}hmac-sha1`, sha256, pem(publicKey), true)),
      invalidCode
    )
  }).pipe(Effect.provide(Emulator.layerWith({ alibaba: { accounts: [account] } })))
})

it.effect("names an unusable key of the provider", () => {
  const account = {
    ...AlibabaSeed.account,
    samlProviders: [{ name: "emulator", entityId: AlibabaSeed.samlEntityId, certificate: "no key" }]
  }
  return Effect.gen(function* () {
    assert.strictEqual(yield* verdict(withAssertion(yield* mint())), "AuthenticationFail.IDPMetadata.Invalid")
  }).pipe(Effect.provide(Emulator.layerWith({ alibaba: { accounts: [account] } })))
})
