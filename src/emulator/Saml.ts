/**
 * SAML responses: minting them as an identity provider, and verifying them as a cloud.
 *
 * Only the text that the signature covers is used afterwards, parsed on its own: whatever was wrapped around it is
 * dropped.
 *
 * Source: "Assertions and Protocols for the OASIS Security Assertion Markup Language (SAML) V2.0", and "XML Signature
 * Syntax and Processing".
 */
import { createPublicKey, type KeyObject } from "node:crypto"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { timestamp } from "../protocol/encoding.js"
import {
  type IdentityProviderKey,
  load,
  type MissingPackageError,
  packageMissing,
  type SamlProvider
} from "./IdentityProvider.js"
import {
  type Assertion,
  assertionOf,
  checkConditions,
  checkStatus,
  children,
  invalid,
  isResponse,
  onlyAssertion,
  parse,
  type SamlFault,
  type Xml
} from "./SamlDocument.js"
import { escapeMarkup, type Refusal } from "./Service.js"

/** The package for XML signatures. */
type XmlCrypto = Pick<typeof import("xml-crypto"), "SignedXml">

const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
const enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
const rsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
const sha256 = "http://www.w3.org/2001/04/xmlenc#sha256"
const signatureNamespace = "http://www.w3.org/2000/09/xmldsig#"

const assertionPath =
  "/*[local-name(.)='Response']/*[local-name(.)='Assertion' and namespace-uri(.)='urn:oasis:names:tc:SAML:2.0:assertion']"

const pemOf = (key: KeyObject): string => key.export({ format: "pem", type: "pkcs8" }).toString()

/** The response with its assertion signed. */
const sign = ({ SignedXml }: XmlCrypto, privateKey: KeyObject, response: string): string => {
  const signer = new SignedXml({
    privateKey: pemOf(privateKey),
    signatureAlgorithm: rsaSha256,
    canonicalizationAlgorithm: exclusive
  })
  signer.addReference({ xpath: assertionPath, transforms: [enveloped, exclusive], digestAlgorithm: sha256 })
  signer.computeSignature(response, {
    prefix: "ds",
    location: { reference: `${assertionPath}/*[local-name(.)='Issuer']`, action: "after" }
  })
  return signer.getSignedXml()
}

const parseKey = (pem: string): Result.Result<string, SamlFault> =>
  Result.try({
    try: () => createPublicKey(pem).export({ format: "pem", type: "spki" }).toString(),
    catch: (): SamlFault => ({ _tag: "Key", detail: "the provider's key cannot be read" })
  })

const signatureOf = (response: Element, assertion: Element): Result.Result<Element, SamlFault> => {
  const [signature, ...others] = [response, assertion].flatMap((element) =>
    children(element, signatureNamespace, "Signature")
  )
  const anywhere = response.getElementsByTagNameNS("*", "Signature").length
  return signature === undefined || others.length > 0 || anywhere !== 1
    ? invalid("exactly one signature is needed, of the assertion or of the response")
    : Result.succeed(signature)
}

const verifiedText = (
  { SignedXml }: XmlCrypto,
  response: string,
  signature: Element,
  publicCert: string
): Result.Result<string, SamlFault> => {
  try {
    const verifier = new SignedXml({ publicCert })
    // HMAC would let anyone with the public key sign; SHA-1 is broken.
    verifier.SignatureAlgorithms = pick(verifier.SignatureAlgorithms, [rsaSha256, sha512Of(rsaSha256)])
    verifier.HashAlgorithms = pick(verifier.HashAlgorithms, [sha256, sha512Of(sha256)])
    verifier.loadSignature(signature)
    const valid = verifier.checkSignature(response)
    const [text, ...others] = verifier.getSignedReferences()
    return valid && text !== undefined && others.length === 0
      ? Result.succeed(text)
      : invalid("its signature does not verify")
  } catch {
    return invalid("its signature does not verify")
  }
}

const sha512Of = (algorithm: string): string => algorithm.replace("sha256", "sha512")

const pick = <A>(all: Readonly<Record<string, A>>, names: ReadonlyArray<string>): Record<string, A> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))

/** The text that a response's only signature covers. */
const signedText = (
  crypto: XmlCrypto,
  xml: Xml,
  response: string,
  publicKey: string
): Result.Result<string, SamlFault> =>
  Result.gen(function* () {
    const { documentElement: root } = yield* parse(xml, response)
    if (!isResponse(root)) return yield* invalid("not a SAML response")
    yield* checkStatus(root)
    const assertion = yield* onlyAssertion(root)
    const signature = yield* signatureOf(root, assertion)
    return yield* verifiedText(crypto, response, signature, yield* parseKey(publicKey))
  })

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

const base64 = /^[A-Za-z0-9+/\s]+=*\s*$/

/** The response that a parameter holds, unless that is no base64. */
export const decode = (encoded: string): string | undefined =>
  base64.test(encoded) ? Buffer.from(encoded, "base64").toString("utf8") : undefined

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

const attribute = ([name, value]: [string, string]): string =>
  `<saml:Attribute Name="${escapeMarkup(name)}"><saml:AttributeValue>${escapeMarkup(value)}</saml:AttributeValue></saml:Attribute>`

const assertionXml = (statement: Statement, from: string, to: string): string => {
  const recipient = escapeMarkup(statement.recipient)
  return [
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a${statement.id}" Version="2.0" IssueInstant="${from}">`,
    `<saml:Issuer>${escapeMarkup(statement.issuer)}</saml:Issuer>`,
    `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${escapeMarkup(statement.subject)}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData Recipient="${recipient}" NotOnOrAfter="${to}"/></saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${from}" NotOnOrAfter="${to}"><saml:AudienceRestriction><saml:Audience>${escapeMarkup(statement.audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AttributeStatement>${Object.entries(statement.attributes).map(attribute).join("")}</saml:AttributeStatement>`,
    "</saml:Assertion>"
  ].join("")
}

const responseXml = (statement: Statement, from: string, to: string): string =>
  [
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r${statement.id}" Version="2.0" IssueInstant="${from}" Destination="${escapeMarkup(statement.recipient)}">`,
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
const publicKeyOf = (key: IdentityProviderKey): string =>
  key.publicKey.export({ format: "pem", type: "spki" }).toString()

/**
 * Verifies the signature of a response and reads its assertion, out of nothing but the text that was signed; or
 * refuses it, in the words of a cloud, which expects certain audiences and recipients. A provider without a
 * certificate is the emulator itself.
 */
export const verify = (
  response: string,
  provider: SamlProvider,
  ownKey: Effect.Effect<IdentityProviderKey>,
  {
    audiences,
    isRecipient,
    now
  }: {
    readonly audiences: ReadonlyArray<string>
    readonly isRecipient: (recipient: string) => boolean
    readonly now: number
  },
  refusalOf: (fault: SamlFault) => Refusal
): Effect.Effect<Assertion, Refusal> =>
  Effect.gen(function* () {
    const [crypto, xml] = yield* Effect.mapError(Effect.all([xmlCrypto, xmldom]), packageMissing)
    const publicKey = provider.certificate ?? publicKeyOf(yield* ownKey)
    const assertion = Result.gen(function* () {
      const assertion = yield* assertionOf(xml, yield* signedText(crypto, xml, response, publicKey))
      yield* checkConditions(assertion, { issuer: provider.entityId, audiences, isRecipient }, now)
      return assertion
    })
    return yield* Effect.fromResult(Result.mapError(assertion, refusalOf))
  })
