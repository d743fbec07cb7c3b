/**
 * Fields that several operations share. Bounds and patterns: "Security Token Service 2015-04-01", API reference.
 */
import * as Schema from "effect/Schema"

const arn = (kind: string) => {
  const pattern = new RegExp(`^acs:ram::[^:\\s]+:${kind}/\\S+$`)
  return Schema.String.pipe(
    Schema.check(
      Schema.makeFilter((value) => pattern.test(value), {
        description: `must look like acs:ram::<account id>:${kind}/<name>`
      })
    )
  )
}

/** `acs:ram::<account id>:role/<name>`. */
export const RoleArn = arn("role")

/** `acs:ram::<account id>:saml-provider/<id>`. */
export const SamlProviderArn = arn("saml-provider")

/** `acs:ram::<account id>:oidc-provider/<name>`. */
export const OidcProviderArn = arn("oidc-provider")

/** A string of `min` to `max` characters that matches `pattern`. */
export const text = (min: number, max: number, pattern: RegExp, characters: string) =>
  Schema.String.pipe(
    Schema.check(
      Schema.makeFilter((value) => value.length >= min && value.length <= max && pattern.test(value), {
        description: `must be ${min} to ${max} characters: ${characters}`
      })
    )
  )

/** The name that shows in audit logs: 2 to 64 letters, digits and `. @ - _`. */
export const RoleSessionName = text(2, 64, /^[A-Za-z0-9.@_-]*$/, "letters, digits, . @ - _")

/** How long the credentials last, in seconds: at least 900, at most what the role allows (3600 to 43200). */
export const DurationSeconds = Schema.Number.pipe(
  Schema.check(
    Schema.makeFilter((value) => Number.isInteger(value) && value >= 900 && value <= 43200, {
      description: "must be a whole number of seconds from 900 to 43200"
    })
  )
)

/** A policy document that narrows what the role allows: 1 to 2048 characters. */
export const Policy = Schema.String.pipe(
  Schema.check(
    Schema.makeFilter((value) => value.length >= 1 && value.length <= 2048, {
      description: "must be 1 to 2048 characters"
    })
  )
)

/** What a third party asks to be told: 2 to 1224 letters, digits and `_ + = , . @ : / -`. */
export const ExternalId = text(2, 1224, /^[\w+=,.@:/-]*$/, "letters, digits, _ + = , . @ : / -")

const reservedIdentity = /^(acs:|aliyun:|alibabacloud:)/i

/** Who stands behind the session, kept through role chaining: 2 to 64 letters, digits and `_ + = , . @ -`. */
export const SourceIdentity = text(2, 64, /^[\w+=,.@:-]*$/, "letters, digits, _ + = , . @ -").pipe(
  Schema.check(
    Schema.makeFilter((value) => !reservedIdentity.test(value) && !value.includes(":"), {
      description: "must not contain a colon or start with acs:, aliyun: or alibabacloud:"
    })
  )
)
