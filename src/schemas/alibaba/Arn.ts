/** Alibaba Cloud Resource Names, checked no more tightly than the service's own examples allow. */
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
