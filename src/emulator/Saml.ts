/**
 * SAML responses: minting them as an identity provider, and verifying them as a cloud.
 *
 * Source: "Assertions and Protocols for the OASIS Security Assertion Markup Language (SAML) V2.0", and "XML Signature
 * Syntax and Processing".
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { timestamp } from "../protocol/timestamp.js"
import type { IdentityProviderKey } from "./IdentityProviderKey.js"
import { load, type MissingPackageError } from "./OptionalPackage.js"
import { type Assertion, assertionOf, type SamlFault, type Xml } from "./SamlDocument.js"
import { sign, signedText, type XmlCrypto } from "./SamlSignature.js"

const purpose = "mint and verify SAML responses"

const xmlCrypto: Effect.Effect<XmlCrypto, MissingPackageError> = load(
  "xml-crypto",
  purpose,
  () => import("xml-crypto")
)

const xmldom: Effect.Effect<Xml, MissingPackageError> = load(
  "@xmldom/xmldom",
  purpose,
  () => import("@xmldom/xmldom")
)

/** What a response says. */
export interface Statement {
  readonly id: string
  readonly issuer: string
  readonly subject: string
  readonly audience: string
  readonly recipient: string
  readonly expiresIn: Duration.Input
  readonly attributes: Readonly<Record<string, string>>
}

const escapeXml = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;")

const attribute = ([name, value]: [string, string]): string =>
  `<saml:Attribute Name="${escapeXml(name)}"><saml:AttributeValue>${escapeXml(value)}</saml:AttributeValue></saml:Attribute>`

const assertionXml = (statement: Statement, from: string, to: string): string => {
  const recipient = escapeXml(statement.recipient)
  return [
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a${statement.id}" Version="2.0" IssueInstant="${from}">`,
    `<saml:Issuer>${escapeXml(statement.issuer)}</saml:Issuer>`,
    `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${escapeXml(statement.subject)}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData Recipient="${recipient}" NotOnOrAfter="${to}"/></saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${from}" NotOnOrAfter="${to}"><saml:AudienceRestriction><saml:Audience>${escapeXml(statement.audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AttributeStatement>${Object.entries(statement.attributes).map(attribute).join("")}</saml:AttributeStatement>`,
    "</saml:Assertion>"
  ].join("")
}

const responseXml = (statement: Statement, from: string, to: string): string =>
  [
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r${statement.id}" Version="2.0" IssueInstant="${from}" Destination="${escapeXml(statement.recipient)}">`,
    '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>',
    assertionXml(statement, from, to),
    "</samlp:Response>"
  ].join("")

/** A response whose assertion is signed with the emulator's own key, in base64. */
export const mint = (
  key: IdentityProviderKey,
  statement: Statement,
  now: number
): Effect.Effect<Redacted.Redacted, MissingPackageError> =>
  Effect.map(xmlCrypto, (crypto) => {
    const until = timestamp(now + Duration.toMillis(statement.expiresIn))
    const signed = sign(crypto, key.privateKey, responseXml(statement, timestamp(now), until))
    return Redacted.make(Buffer.from(signed, "utf8").toString("base64"))
  })

/** The public half of the emulator's own key, in PEM. */
export const publicKey = (key: IdentityProviderKey): string =>
  key.publicKey.export({ format: "pem", type: "spki" }).toString()

/**
 * Verifies the signature of a response and reads its assertion, out of nothing but the text that was signed.
 */
export const verify = (
  response: string,
  publicKey: string
): Effect.Effect<Assertion, SamlFault | MissingPackageError> =>
  Effect.flatMap(Effect.all([xmlCrypto, xmldom]), ([crypto, xml]) =>
    Effect.flatMap(Effect.fromResult(signedText(crypto, xml, response, publicKey)), (text) =>
      Effect.fromResult(assertionOf(xml, text))
    )
  )
