/**
 * XML signatures of SAML responses.
 *
 * What is believed afterwards is the text that the signature covers, parsed anew, and never the document that it
 * stood in: whatever was wrapped around it is gone.
 */
import { createPublicKey, type KeyObject } from "node:crypto"
import * as Result from "effect/Result"
import {
  checkStatus,
  children,
  invalid,
  isResponse,
  onlyAssertion,
  parse,
  type SamlFault,
  type Xml
} from "./SamlDocument.js"

/** The package for XML signatures. */
export type XmlCrypto = Pick<typeof import("xml-crypto"), "SignedXml">

const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
const enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
const rsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
const sha256 = "http://www.w3.org/2001/04/xmlenc#sha256"
const signatureNamespace = "http://www.w3.org/2000/09/xmldsig#"

const assertionPath =
  "/*[local-name(.)='Response']/*[local-name(.)='Assertion' and namespace-uri(.)='urn:oasis:names:tc:SAML:2.0:assertion']"

const pemOf = (key: KeyObject): string => key.export({ format: "pem", type: "pkcs8" }).toString()

/** The response with its assertion signed. */
export const sign = ({ SignedXml }: XmlCrypto, privateKey: KeyObject, response: string): string => {
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

const publicKeyOf = (pem: string): Result.Result<string, SamlFault> =>
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
    // HMAC would let whoever knows the public key sign; SHA-1 is broken.
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
export const signedText = (
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
    return yield* verifiedText(crypto, response, signature, yield* publicKeyOf(publicKey))
  })
