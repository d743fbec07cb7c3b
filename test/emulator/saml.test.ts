import { generateKeyPairSync } from "node:crypto"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { SignedXml } from "xml-crypto"
import { AlibabaSeed, Emulator } from "../../src/testing.js"
import { issuedKey, send, verdict } from "./support.js"

const emulator = Effect.provide(Emulator.layer())
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

it.effect("issues credentials for a response of the provider", () =>
  Effect.gen(function* () {
    const reply = yield* send(withAssertion(yield* mint({ subject: "a<b>&\"c'", roleSessionName: "carol" })))
    expect(reply.json["SAMLAssertionInfo"]).toEqual({
      SubjectType: "persistent",
      Subject: "a<b>&\"c'",
      Issuer: AlibabaSeed.samlEntityId,
      Recipient: AlibabaSeed.samlRecipient
    })
    expect(reply.json.AssumedRoleUser?.Arn).toBe("acs:sts::1234567890123456:assumed-role/saml/carol")
    const me = yield* send({ action: "GetCallerIdentity", key: issuedKey(reply) })
    expect(me.json.Arn).toBe("acs:ram::1234567890123456:assumed-role/saml/carol")
  }).pipe(emulator)
)

it.effect("refuses responses outside their time", () =>
  Effect.gen(function* () {
    yield* TestClock.adjust("1 hour")
    const response = yield* mint({ expiresIn: "5 minutes" })
    const { setClockOffset } = yield* Emulator.Emulator
    yield* setClockOffset(-1000)
    expect(yield* verdict(withAssertion(response))).toBe("AuthenticationFail.SAMLAssertion.Expired")
    yield* setClockOffset(0)
    expect(yield* verdict(withAssertion(response))).toBe("OK")
    yield* TestClock.adjust("5 minutes")
    expect(yield* verdict(withAssertion(response))).toBe("AuthenticationFail.SAMLAssertion.Expired")
  }).pipe(emulator)
)

it.effect("refuses another issuer, audience, recipient, role, provider or session name", () =>
  Effect.gen(function* () {
    const of = (options: object) => Effect.flatMap(mint(options), (one) => verdict(withAssertion(one)))
    expect(yield* of({ issuer: "https://elsewhere.test" })).toBe(invalidCode)
    expect(yield* of({ audience: "urn:elsewhere" })).toBe(invalidCode)
    expect(yield* of({ recipient: "https://elsewhere.test" })).toBe(invalidCode)
    expect(yield* of({ roleArn: arns.role })).toBe(invalidCode)
    expect(yield* of({ samlProviderArn: arns.oidcProvider })).toBe(invalidCode)
    expect(yield* of({ roleSessionName: "with space" })).toBe(invalidCode)
    expect(yield* of({ recipient: "https://signin.aliyun.com/saml-role/sso" })).toBe(
      "AuthenticationFail.NoPermission"
    )
  }).pipe(emulator)
)

it.effect("wants its parameters, the role and the provider", () =>
  Effect.gen(function* () {
    const response = yield* mint()
    const of = (more: object) => verdict(withAssertion(response, more))
    expect(yield* of({ SAMLAssertion: "" })).toBe("MissingParameter.SAMLAssertion")
    expect(yield* of({ SAMLAssertion: "<xml/>" })).toBe("InvalidParameter.SAMLAssertion")
    expect(yield* of({ SAMLAssertion: encode("no xml") })).toBe(invalidCode)
    expect(yield* of({ SAMLProviderArn: `${arns.samlProvider}x` })).toBe("EntityNotExist.SAMLProvider")
    expect(yield* of({ RoleArn: `${arns.samlRole}x` })).toBe("EntityNotExist.Role")
    expect(yield* of({ DurationSeconds: "7200" })).toBe("InvalidParameter.DurationSeconds")
  }).pipe(emulator)
)

it.effect("refuses a response with any letter of its assertion changed", () =>
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
    expect(some.length).toBeGreaterThan(200)
    expect(statuses.filter((status) => status < 400)).toEqual([])
  }).pipe(emulator)
)

it.effect("refuses signature wrapping in every place", () =>
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
    expect(evilSigned).not.toBe(signed)
    for (const attack of attacks) {
      expect(attack).not.toBe(xml)
      expect(yield* verdict(withAssertion(encode(attack)))).toBe(invalidCode)
    }
    expect(yield* verdict(withAssertion(encode(xml)))).toBe("OK")
  }).pipe(emulator)
)

it.effect("is not fooled by a comment in a name", () =>
  Effect.gen(function* () {
    const xml = decode(yield* mint({ subject: "root@emulator.test.evil.test" }))
    const split = xml.replace("root@emulator.test", "root@emulator.test<!-- -->")
    const reply = yield* send(withAssertion(encode(split)))
    expect(reply.json["SAMLAssertionInfo"]).toMatchObject({ Subject: "root@emulator.test.evil.test" })
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

it.effect(
  "takes a provider with a key of its own, a signature of the whole response, and no weak algorithm",
  () => {
    const { privateKey, publicKey } = keyPair()
    const own = privateKey.export({ format: "pem", type: "pkcs8" }).toString()
    const account = {
      ...AlibabaSeed.account,
      samlProviders: [{ name: "emulator", entityId: AlibabaSeed.samlEntityId, certificate: pem(publicKey) }]
    }
    return Effect.gen(function* () {
      const minted = decode(yield* mint())
      expect(yield* verdict(withAssertion(encode(minted)))).toBe(invalidCode)
      const unsigned = minted.replace(signatureIn(minted), "")
      const of = (xml: string) => verdict(withAssertion(encode(xml)))
      expect(yield* of(unsigned)).toBe(invalidCode)
      expect(yield* of(signWith(unsigned, rsaSha256, sha256, own))).toBe("OK")
      const weak = "http://www.w3.org/2000/09/xmldsig#"
      expect(yield* of(signWith(unsigned, `${weak}rsa-sha1`, sha256, own))).toBe(invalidCode)
      expect(yield* of(signWith(unsigned, rsaSha256, `${weak}sha1`, own))).toBe(invalidCode)
      expect(yield* of(signWith(unsigned, `${weak}hmac-sha1`, sha256, pem(publicKey), true))).toBe(
        invalidCode
      )
    }).pipe(Effect.provide(Emulator.layer({ alibaba: { accounts: [account] } })))
  }
)

it.effect("names an unusable key of the provider", () => {
  const account = {
    ...AlibabaSeed.account,
    samlProviders: [{ name: "emulator", entityId: AlibabaSeed.samlEntityId, certificate: "no key" }]
  }
  return Effect.gen(function* () {
    expect(yield* verdict(withAssertion(yield* mint()))).toBe("AuthenticationFail.IDPMetadata.Invalid")
  }).pipe(Effect.provide(Emulator.layer({ alibaba: { accounts: [account] } })))
})
