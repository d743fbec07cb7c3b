/**
 * Fields that several operations share. Bounds and patterns: "AWS Security Token Service API Reference", version
 * 2011-06-15. A character is a Unicode code point, as the service counts them.
 */
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Scalar } from "../../protocol/shape.js"
import { closed, secretWhere } from "../Codec.js"
import {
  type Field,
  type Fields,
  field,
  optional,
  optionalSecret,
  type SchemasOf,
  schemasOf,
  seconds,
  secret,
  structureOf
} from "../Operation.js"
import type { Rule } from "../Request.js"

/** A text by the service's own bounds and pattern, and what else there is to say of it. */
export const text = (traits: Omit<Scalar, "type">, words = "") => {
  const { max, min = 0, pattern = "[^]*" } = traits
  // A pattern is a class of characters and how often.
  const form = new RegExp(`^${pattern.slice(0, -1)}{${min},${max ?? ""}}$`, "u")
  const length = max === undefined ? `at least ${min} character` : `${min} to ${max} characters`
  return field(
    Schema.String.pipe(
      Schema.check(
        Schema.makeFilter((value) => form.test(value), { description: `must be ${length}${words}` })
      )
    ),
    { type: "string", ...traits }
  )
}

/** A list of `min` to `max` members. */
export const listOf = <Member extends Schema.Top>(member: Field<Member>, min: number, max: number) => {
  const description = `must be a list of ${min} to ${max}`
  return field(
    Schema.Array(member.schema)
      .annotate({ description })
      .pipe(
        Schema.check(
          Schema.makeFilter((members) => members.length >= min && members.length <= max, { description })
        )
      ),
    { type: "list", member: member.shape, min, max }
  )
}

/** A misspelt field is not lost in a part of a request either. */
const part = <const F extends Fields>(fields: F) =>
  field(
    closed<SchemasOf<F>>(schemasOf(fields), `must be an object with ${Object.keys(fields).join(" and ")}`),
    structureOf(fields)
  )

/** Text of a reply. */
export const anyText = field(Schema.String, { type: "string" })

/** How much of the room for policies and tags is used, in percent. */
export const Percent = /* @__PURE__ */ field(Schema.Number, { type: "integer" })

/**
 * `arn:<partition>:<service>:<region>:<account id>:<resource>`. It is checked no more tightly than the service itself
 * describes it: other services that speak the same protocol have names of their own.
 */
export const Arn = /* @__PURE__ */ text(
  {
    min: 20,
    max: 2048,
    pattern:
      "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}]+"
  },
  ", such as arn:aws:iam::<account id>:<kind>/<name>"
)

const name = (min: number, max: number) =>
  text({ min, max, pattern: "[\\w+=,.@-]*" }, ": letters, digits, _ + = , . @ -")

/** The name of a role's session. */
export const RoleSessionName = /* @__PURE__ */ name(2, 64)

/** The name of a federated user. */
export const FederatedUserName = /* @__PURE__ */ name(2, 32)

/** The source identity of the session. The reserved prefix `aws:` is no such text, for its colon. */
export const SourceIdentity = /* @__PURE__ */ name(2, 64)

/** An access key's id. */
export const AccessKeyId = /* @__PURE__ */ text(
  { min: 16, max: 128, pattern: "[\\w]*" },
  ": letters, digits, _"
)

/** How long a role's credentials last. */
export const RoleDurationSeconds = /* @__PURE__ */ seconds(900, 43_200)

/** How long a user's temporary credentials last. */
export const UserDurationSeconds = /* @__PURE__ */ seconds(900, 129_600)

const policyText = (traits: { readonly min: number; readonly max?: number }) =>
  text(
    { ...traits, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+" },
    ": tab, line feed, carriage return and U+0020 to U+00FF"
  )

/** A policy document that narrows what the session may do. */
export const Policy = /* @__PURE__ */ policyText({ min: 1, max: 2048 })

/** The same where only its packed size is limited, and that the service alone can tell. */
export const UnrestrictedPolicy = /* @__PURE__ */ policyText({ min: 1 })

const policyArn = { ...Arn, name: "arn" }

/** A managed policy by its ARN. */
export const PolicyDescriptor = /* @__PURE__ */ part({
  /** The ARN of the managed policy. */
  arn: policyArn
})

/**
 * Managed policies that narrow what the session may do. The service takes a descriptor without its ARN; here it is
 * required, because such a one would be sent as nothing at all, and the session be wider than it looks.
 */
export const PolicyArns = /* @__PURE__ */ listOf(
  part({
    /** The ARN of the managed policy. */
    arn: { ...policyArn, required: false }
  }),
  0,
  10
)

const tagText = (min: number, max: number, often: "*" | "+") =>
  text(
    { min, max, pattern: `[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]${often}` },
    ": letters, digits, spaces, _ . : / = + - @"
  )

const TagKey = tagText(1, 128, "+")

const tags = listOf(
  part({
    /** 1 to 128 letters, digits, spaces and `_ . : / = + - @`. */
    key: TagKey,
    /** 0 to 256 letters, digits, spaces and `_ . : / = + - @`. */
    value: tagText(0, 256, "*")
  }),
  0,
  50
)

const withoutRepeatedKey = (same: (key: string) => string, rule: string) => ({
  ...tags,
  schema: tags.schema.pipe(
    Schema.check(
      Schema.makeFilter((tags) => new Set(tags.map(({ key }) => same(key))).size === tags.length, {
        description: rule
      })
    )
  )
})

/** Tags of a session, no key twice. Upper and lower case are the same key. */
export const SessionTags = withoutRepeatedKey(
  (key) => key.toLowerCase(),
  "must not repeat a key, in upper or lower case"
)

/** Tags that become claims of a token, no key twice. */
export const ClaimTags = /* @__PURE__ */ withoutRepeatedKey((key) => key, "must not repeat a key")

/** Keys of tags. A key may be that of a tag which the session inherits, so it need not be among the request's tags. */
export const TransitiveTagKeys = /* @__PURE__ */ listOf(TagKey, 0, 50)

/** The external id that a third party requires. */
export const ExternalId = /* @__PURE__ */ text(
  { min: 2, max: 1224, pattern: "[\\w+=,.@:\\/\\-]*" },
  ": letters, digits, _ + = , . @ : / -"
)

/** The MFA device that a caller shows. */
export const device = {
  /**
   * The caller's MFA device, given along with `tokenCode`: a hardware device's serial number or a virtual one's ARN, 9 to 256
   * characters.
   */
  serialNumber: /* @__PURE__ */ optional(
    /* @__PURE__ */ text(
      { min: 9, max: 256, pattern: "[\\w+=/:,.@-]*" },
      ": letters, digits, _ + = / : , . @ -"
    )
  ),
  /** What the MFA device shows, given along with `serialNumber`: six digits. */
  tokenCode: /* @__PURE__ */ optionalSecret(
    /* @__PURE__ */ field(
      /* @__PURE__ */ secretWhere((code) => /^\d{6}$/.test(code), "must be six digits"),
      { type: "string", min: 6, max: 6, pattern: "[\\d]*", sensitive: true }
    )
  )
}

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

/** Context assertions. The service takes one without its provider, or nothing of one; here each has both. */
export const ProvidedContexts = /* @__PURE__ */ listOf(
  part({
    /** The ARN of the provider, 20 to 2048 characters. */
    providerArn: { ...Arn, required: false },
    /** Signed and encrypted by STS: 4 to 2048 characters. */
    contextAssertion: { ...secret(4, 2048), required: false }
  }),
  1,
  5
)

/** What every role session is narrowed by, and how long it lasts, when an identity provider vouches for it. */
export const federated = {
  /** Managed policies of the role's account that narrow what the session may do: at most 10. */
  policyArns: optional(PolicyArns),
  /** A policy document that narrows what the session may do: 1 to 2048 characters up to U+00FF. */
  policy: optional(Policy),
  /** How long the credentials last, in seconds: 900 to what the role allows, 43 200 at most; 3600 if absent. */
  durationSeconds: optional(RoleDurationSeconds)
}
