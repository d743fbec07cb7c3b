/** SAML documents: reading them, and whether an assertion is meant for a cloud, by its provider, and now. */
import * as Result from "effect/Result"

/**
 * Why a response proves nothing. `Key` is the provider's fault: its registered key cannot be used. `Rejected` is its
 * answer.
 */
export interface SamlFault {
  readonly _tag: "Invalid" | "Key" | "Rejected" | "Issuer" | "Audience" | "Expired"
  readonly detail: string
}

/** A response that proves nothing. */
export const invalid = (detail: string): Result.Result<never, SamlFault> =>
  Result.fail({ _tag: "Invalid", detail })

/** The XML parser's package. */
export type Xml = Pick<typeof import("@xmldom/xmldom"), "DOMParser">

const protocolNamespace = "urn:oasis:names:tc:SAML:2.0:protocol"
const assertionNamespace = "urn:oasis:names:tc:SAML:2.0:assertion"

/** What an assertion says. */
export interface Assertion {
  readonly issuer: string
  readonly subject: string
  readonly subjectType: string
  readonly recipient: string
  readonly audiences: ReadonlyArray<string>
  /** As stated, each of them; a time that cannot be read is not a number. */
  readonly notBefore: ReadonlyArray<number>
  readonly notOnOrAfter: ReadonlyArray<number>
  readonly attributes: Readonly<Record<string, ReadonlyArray<string>>>
}

/** A document, parsed without mercy: what a lenient parser would mend could be read in two ways. */
export const parse = (xml: Xml, text: string): Result.Result<Document, SamlFault> => {
  if (text.includes("<!DOCTYPE") || text.includes("<!ENTITY"))
    return invalid("a document type is not allowed")
  try {
    const fail = (message: string) => {
      throw new Error(message)
    }
    const parser = new xml.DOMParser({ errorHandler: { warning: fail, error: fail, fatalError: fail } })
    const document = parser.parseFromString(text, "text/xml")
    return document?.documentElement ? Result.succeed(document) : invalid("not XML")
  } catch {
    return invalid("not XML")
  }
}

/** The child elements of a name. */
export const children = (parent: Element, namespace: string, name: string): ReadonlyArray<Element> =>
  Array.from(parent.childNodes as ArrayLike<Node>)
    .filter((node): node is Element => node.nodeType === 1)
    .filter((element) => element.namespaceURI === namespace && element.localName === name)

const descend = (from: ReadonlyArray<Element>, ...names: ReadonlyArray<string>): ReadonlyArray<Element> =>
  names.reduce(
    (elements, name) => elements.flatMap((element) => children(element, assertionNamespace, name)),
    from
  )

const texts = (elements: ReadonlyArray<Element>): ReadonlyArray<string> =>
  elements.map((element) => (element.textContent ?? "").trim())

const attributes = (elements: ReadonlyArray<Element>, name: string): ReadonlyArray<string> =>
  elements.filter((element) => element.hasAttribute(name)).map((element) => element.getAttribute(name) ?? "")

const only = (values: ReadonlyArray<string>, what: string): Result.Result<string, SamlFault> => {
  const [first, ...others] = values
  return first === undefined || first === "" || others.length > 0
    ? invalid(`exactly one ${what} is needed`)
    : Result.succeed(first)
}

/** Whether an element is a SAML response. */
export const isResponse = (element: Element): boolean =>
  element.namespaceURI === protocolNamespace && element.localName === "Response"

const isAssertion = (element: Element): boolean =>
  element.namespaceURI === assertionNamespace && element.localName === "Assertion"

/** The only assertion of a response, which stands directly in it. */
export const onlyAssertion = (response: Element): Result.Result<Element, SamlFault> => {
  const [assertion] = children(response, assertionNamespace, "Assertion")
  const anywhere = response.getElementsByTagNameNS("*", "Assertion").length
  return assertion === undefined || anywhere !== 1
    ? invalid("exactly one assertion is needed")
    : Result.succeed(assertion)
}

/** Whether a response reports success. */
export const checkStatus = (response: Element): Result.Result<void, SamlFault> => {
  const codes = children(response, protocolNamespace, "Status").flatMap((status) =>
    children(status, protocolNamespace, "StatusCode")
  )
  return codes[0]?.getAttribute("Value") === "urn:oasis:names:tc:SAML:2.0:status:Success"
    ? Result.void
    : Result.fail({ _tag: "Rejected", detail: "the identity provider did not report success" })
}

const format = /([^:]*)$/

const read = (assertion: Element): Result.Result<Assertion, SamlFault> =>
  Result.gen(function* () {
    const here = [assertion]
    const nameIds = descend(here, "Subject", "NameID")
    const confirmations = descend(here, "Subject", "SubjectConfirmation", "SubjectConfirmationData")
    const conditions = descend(here, "Conditions")
    const limits = [...conditions, ...confirmations]
    const times = (name: string) => attributes(limits, name).map((text) => Date.parse(text))
    const stated = descend(here, "AttributeStatement", "Attribute").map(
      (element) => [element.getAttribute("Name") ?? "", texts(descend([element], "AttributeValue"))] as const
    )
    return {
      issuer: yield* only(texts(descend(here, "Issuer")), "issuer"),
      subject: yield* only(texts(nameIds), "subject"),
      subjectType: format.exec(nameIds[0]?.getAttribute("Format") ?? "")?.[1] ?? "",
      recipient: yield* only(attributes(confirmations, "Recipient"), "recipient"),
      audiences: texts(descend(conditions, "AudienceRestriction", "Audience")),
      notBefore: times("NotBefore"),
      notOnOrAfter: times("NotOnOrAfter"),
      attributes: Object.fromEntries(stated)
    }
  })

/** Reads the assertion out of a text that was signed: an assertion, or a response with one. */
export const assertionOf = (xml: Xml, signed: string): Result.Result<Assertion, SamlFault> =>
  Result.flatMap(parse(xml, signed), ({ documentElement: root }) =>
    isAssertion(root) ? read(root) : Result.flatMap(onlyAssertion(root), read)
  )

/** What a cloud expects of an assertion. */
interface Expected {
  /** The provider's name for itself. */
  readonly issuer: string
  /** Any of them will do. */
  readonly audiences: ReadonlyArray<string>
  readonly isRecipient: (recipient: string) => boolean
}

const fault = (_tag: SamlFault["_tag"], detail: string) => Result.fail({ _tag, detail })

/** Refuses an assertion of another issuer, for another audience or recipient, or for another time. */
export const checkConditions = (
  { audiences, issuer, notBefore, notOnOrAfter, recipient }: Assertion,
  expected: Expected,
  now: number
): Result.Result<void, SamlFault> => {
  if (issuer !== expected.issuer) return fault("Issuer", "its issuer is not the provider")
  if (!audiences.some((audience) => expected.audiences.includes(audience))) {
    return fault("Audience", "its audience does not match")
  }
  if (!expected.isRecipient(recipient)) return invalid("its recipient does not match")
  if (notOnOrAfter.length === 0) return invalid("it has no NotOnOrAfter")
  return notBefore.every((time) => time <= now) && notOnOrAfter.every((time) => now < time)
    ? Result.void
    : fault("Expired", "it has expired or is not valid yet")
}

/** The pairs of ARNs that an attribute states, with the blanks taken out. */
export const pairsOf = ({ attributes }: Assertion, name: string): ReadonlyArray<string> =>
  attributes[name]?.map((text) => text.replace(/\s/g, "")) ?? []
