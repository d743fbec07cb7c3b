/**
 * Fields that several operations share. Bounds and patterns: "Security Token Service 2015-04-01", API reference.
 */
import * as Schema from "effect/Schema"
import type { Scalar } from "../../protocol/shape.js"
import { field, optional, seconds } from "../Operation.js"

interface Traits extends Omit<Scalar, "type"> {
  readonly pattern: string
}

const anchored = ({ pattern }: Traits): RegExp => new RegExp(`^${pattern}$`)

// The service takes the numbers of accounts, and names of these characters alone. Other servers have others.
const arn = (kind: string) => {
  const form = anchored({ pattern: `acs:ram::[^:\\s]+:${kind}/\\S+` })
  return field(
    Schema.String.pipe(
      Schema.check(
        Schema.makeFilter((value) => form.test(value), {
          description: `must look like acs:ram::<account id>:${kind}/<name>`
        })
      )
    ),
    { type: "string", min: 1, max: 256, pattern: `acs:ram::\\d{1,32}:${kind}/[A-Za-z0-9.@_-]{1,128}` }
  )
}

/** `acs:ram::<account id>:role/<name>`. */
export const RoleArn = arn("role")

/** `acs:ram::<account id>:saml-provider/<id>`. */
export const SamlProviderArn = arn("saml-provider")

/** `acs:ram::<account id>:oidc-provider/<name>`. */
export const OidcProviderArn = arn("oidc-provider")

/** A text of `min` to `max` characters. */
const text = (traits: Traits & { readonly min: number; readonly max: number }, characters: string) => {
  const { max, min } = traits
  const form = anchored(traits)
  return field(
    Schema.String.pipe(
      Schema.check(
        Schema.makeFilter((value) => value.length >= min && value.length <= max && form.test(value), {
          description: `must be ${min} to ${max} characters: ${characters}`
        })
      )
    ),
    { type: "string", ...traits }
  )
}

/** The name of a role's session. */
export const RoleSessionName = text(
  { min: 2, max: 64, pattern: "[A-Za-z0-9.@_-]*" },
  "letters, digits, . @ - _"
)

/** The external id that a third party requires. */
export const ExternalId = text(
  { min: 2, max: 1224, pattern: "[\\w+=,.@:/-]*" },
  "letters, digits, _ + = , . @ : / -"
)

const identity = text({ min: 2, max: 64, pattern: "[\\w+=,.@:-]*" }, "letters, digits, _ + = , . @ -")

const reservedIdentity = /^(acs:|aliyun:|alibabacloud:)/i

/** The source identity of the session. A colon has a rule of its own here, for whoever writes one means something by it. */
export const SourceIdentity = field(
  identity.schema.pipe(
    Schema.check(
      Schema.makeFilter((value) => !reservedIdentity.test(value) && !value.includes(":"), {
        description: "must not contain a colon or start with acs:, aliyun: or alibabacloud:"
      })
    )
  ),
  { type: "string", min: 2, max: 64, pattern: "[\\w+=,.@-]*" }
)

/** How long the credentials last, and the policy that narrows them: what every role session may be asked. */
export const session = {
  /** How long the credentials last, in seconds: 900 to what the role allows (3600 to 43 200); 3600 if absent. */
  durationSeconds: optional(seconds(900, 43_200)),
  /** A policy document that narrows what the role allows: 1 to 2048 characters. */
  policy: optional(
    // The service counts bytes, and refuses an empty one for its grammar.
    field(
      Schema.String.pipe(
        Schema.check(
          Schema.makeFilter((value) => value.length >= 1 && value.length <= 2048, {
            description: "must be 1 to 2048 characters"
          })
        )
      ),
      { type: "string", max: 2048 }
    )
  )
}
