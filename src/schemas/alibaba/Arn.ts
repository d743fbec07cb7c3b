/**
 * Alibaba Cloud Resource Names, checked no more tightly than the service's own examples allow.
 *
 * @since 0.1.0
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

/**
 * `acs:ram::<account id>:role/<name>`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RoleArn = arn("role")

/**
 * `acs:ram::<account id>:saml-provider/<id>`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SamlProviderArn = arn("saml-provider")

/**
 * `acs:ram::<account id>:oidc-provider/<name>`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OidcProviderArn = arn("oidc-provider")
