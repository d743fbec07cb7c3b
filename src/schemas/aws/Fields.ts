/**
 * Fields that several operations share. Bounds and patterns: "AWS Security Token Service API Reference", version
 * 2011-06-15. A character is a Unicode code point, as the service counts them.
 */
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { list, string, structure } from "../../protocol/aws/query.js"
import { closed } from "../Codec.js"
import type { Rule } from "../Request.js"
import { secretBetween, secretWhere } from "../Secret.js"

/** A string of `min` to `max` characters of a class, such as `\w.-`. */
export const text = (min: number, max: number, characterClass: string, characters: string) => {
  const pattern = new RegExp(`^[${characterClass}]{${min},${max}}$`, "u")
  return Schema.String.pipe(
    Schema.check(
      Schema.makeFilter((value) => pattern.test(value), {
        description: `must be ${min} to ${max} characters: ${characters}`
      })
    )
  )
}

/** A string of `min` to `max` characters of any kind. */
export const anyText = (min: number, max: number) => {
  const pattern = new RegExp(`^[^]{${min},${max}}$`, "u")
  return Schema.String.pipe(
    Schema.check(
      Schema.makeFilter((value) => pattern.test(value), {
        description: `must be ${min} to ${max} characters`
      })
    )
  )
}

/** A whole number of seconds from `min` to `max`. */
export const seconds = (min: number, max: number) =>
  Schema.Number.pipe(
    Schema.check(
      Schema.makeFilter((value) => Number.isInteger(value) && value >= min && value <= max, {
        description: `must be a whole number of seconds from ${min} to ${max}`
      })
    )
  )

/** A list of `min` to `max` members. */
export const listOf = <Member extends Schema.Top>(member: Member, min: number, max: number) => {
  const description = `must be a list of ${min} to ${max}`
  return Schema.Array(member)
    .annotate({ description })
    .pipe(
      Schema.check(
        Schema.makeFilter((members) => members.length >= min && members.length <= max, { description })
      )
    )
}

const arn = /^[\t\n\r -\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]{20,2048}$/u

/**
 * `arn:<partition>:<service>:<region>:<account id>:<resource>`: 20 to 2048 characters. It is checked no more
 * tightly than the service itself describes it: other services that speak the same protocol have names of their own.
 */
export const Arn = Schema.String.pipe(
  Schema.check(
    Schema.makeFilter((value) => arn.test(value), {
      description: "must be 20 to 2048 characters, such as arn:aws:iam::<account id>:<kind>/<name>"
    })
  )
)

/** A misspelt field is not lost in a part of a request either. */
const part = <Fields extends Schema.Struct.Fields>(fields: Fields) =>
  closed(fields, `must be an object with ${Object.keys(fields).join(" and ")}`)

const name = (min: number, max: number) => text(min, max, "\\w+=,.@\\-", "letters, digits, _ + = , . @ -")

/** The name that shows in audit logs: 2 to 64 letters, digits and `_ + = , . @ -`. */
export const RoleSessionName = name(2, 64)

/** The name of a federated user: 2 to 32 letters, digits and `_ + = , . @ -`. */
export const FederatedUserName = /* @__PURE__ */ name(2, 32)

/**
 * Who stands behind the session, kept through role chaining: 2 to 64 letters, digits and `_ + = , . @ -`. The
 * reserved prefix `aws:` is no such text, for its colon.
 */
export const SourceIdentity = name(2, 64)

/** An access key's id: 16 to 128 letters, digits and `_`. */
export const AccessKeyId = /* @__PURE__ */ text(16, 128, "\\w", "letters, digits, _")

/**
 * How long a role's credentials last, in seconds: at least 900, at most what the role allows (3600 to 43200), and
 * 3600 when the caller has a role's credentials already.
 */
export const RoleDurationSeconds = seconds(900, 43_200)

/**
 * How long a user's temporary credentials last, in seconds: 900 to 129600, and at most 3600 for the root user.
 */
export const UserDurationSeconds = /* @__PURE__ */ seconds(900, 129_600)

const policyText = (pattern: RegExp, length: string) =>
  Schema.String.pipe(
    Schema.check(
      Schema.makeFilter((value) => pattern.test(value), {
        description: `must be ${length}: tab, line feed, carriage return and U+0020 to U+00FF`
      })
    )
  )

/** A policy document that narrows what the session may do: 1 to 2048 characters up to U+00FF. */
export const Policy = policyText(/^[\t\n\r -\u00FF]{1,2048}$/u, "1 to 2048 characters")

/**
 * A policy document that narrows what the session may do, of characters up to U+00FF. Only its packed size is
 * limited, and that the service alone can tell.
 */
export const UnrestrictedPolicy = /* @__PURE__ */ policyText(/^[\t\n\r -\u00FF]+$/u, "at least 1 character")

/**
 * A managed policy by its ARN. The service describes the ARN as optional; here it is required, because a descriptor
 * without it would be sent as nothing at all, and the session be wider than it looks.
 */
export const PolicyDescriptor = part({ arn: Arn })

/** Managed policies that narrow what the session may do: at most 10. */
export const PolicyArns = listOf(PolicyDescriptor, 0, 10)

const tagCharacters = "\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@"
const tagWords = "letters, digits, spaces, _ . : / = + - @"

/** The key of a tag: 1 to 128 letters, digits, spaces and `_ . : / = + - @`. */
export const TagKey = text(1, 128, tagCharacters, tagWords)

/** A tag: a key, and a value of 0 to 256 letters, digits, spaces and `_ . : / = + - @`. */
export const Tag = part({ key: TagKey, value: text(0, 256, tagCharacters, tagWords) })

const withoutRepeatedKey = (same: (key: string) => string, rule: string) =>
  listOf(Tag, 0, 50).pipe(
    Schema.check(
      Schema.makeFilter((tags) => new Set(tags.map(({ key }) => same(key))).size === tags.length, {
        description: rule
      })
    )
  )

/** Tags of a session: at most 50, no key twice. Upper and lower case are the same key. */
export const SessionTags = withoutRepeatedKey(
  (key) => key.toLowerCase(),
  "must not repeat a key, in upper or lower case"
)

/** Tags that become claims of a token: at most 50, no key twice. */
export const ClaimTags = /* @__PURE__ */ withoutRepeatedKey((key) => key, "must not repeat a key")

/**
 * Keys of tags that pass on to the next role's session: at most 50. A key may be that of a tag which the session
 * inherits, so it need not be among the request's tags.
 */
export const TransitiveTagKeys = listOf(TagKey, 0, 50)

/** What a third party asks to be told: 2 to 1224 letters, digits and `_ + = , . @ : / -`. */
export const ExternalId = text(2, 1224, "\\w+=,.@:\\/\\-", "letters, digits, _ + = , . @ : / -")

/**
 * The serial number of a hardware MFA device, or the ARN of a virtual one: 9 to 256 letters, digits and
 * `_ + = / : , . @ -`.
 */
export const SerialNumber = text(9, 256, "\\w+=\\/:,.@\\-", "letters, digits, _ + = / : , . @ -")

/** What the MFA device shows: six digits. */
export const TokenCode = secretWhere((code) => /^\d{6}$/.test(code), "must be six digits")

/** An MFA device is named together with what it shows. */
export const deviceWithCode: Rule<{
  readonly serialNumber?: string | undefined
  readonly tokenCode?: Redacted.Redacted | undefined
}> = {
  rule: "must be given: serialNumber and tokenCode go together",
  brokenBy: ({ serialNumber, tokenCode }) => {
    if ((serialNumber === undefined) === (tokenCode === undefined)) return undefined
    return serialNumber === undefined ? "serialNumber" : "tokenCode"
  }
}

/**
 * What a trusted provider asserts about the session's context. Both fields are required here, for an assertion is
 * nothing without its provider.
 */
export const ProvidedContext = part({
  providerArn: Arn,
  /** Signed and encrypted by STS: 4 to 2048 characters. */
  contextAssertion: secretBetween(4, 2048)
})

/** Context assertions: 1 to 5. */
export const ProvidedContexts = listOf(ProvidedContext, 1, 5)

/** A managed policy on the wire. */
export const policyDescriptorShape = structure({ arn: ["arn", string] })

/** Managed policies on the wire. */
export const policyArnsShape = list(policyDescriptorShape)

/** Tags on the wire. */
export const tagsShape = list(structure({ key: ["Key", string], value: ["Value", string] }))

/** Context assertions on the wire. */
export const providedContextsShape = list(
  structure({ providerArn: ["ProviderArn", string], contextAssertion: ["ContextAssertion", string] })
)
