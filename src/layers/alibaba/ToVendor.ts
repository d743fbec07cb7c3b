/**
 * Our credentials for the clients of Alibaba Cloud's SDK for Node.js.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import { running } from "../vendorPromise.js"

/**
 * Credentials as `@alicloud/credentials` has them, a `CredentialModel`: secrets are plain text, and nothing tells when
 * they end.
 *
 * @category models
 * @since 0.1.0
 */
export type AlibabaCredentialModel = {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
  readonly type: string
  readonly providerName: string
  readonly toMap: () => Record<string, string>
}

/**
 * What clients take as their `credential`. Where one insists on an object of the package's own class, that class takes
 * this as its provider: `new Credential(null, ours)`.
 *
 * @category models
 * @since 0.1.0
 */
export interface AlibabaCredential {
  readonly getCredential: () => Promise<AlibabaCredentialModel>
  readonly getAccessKeyId: () => Promise<string>
  readonly getAccessKeySecret: () => Promise<string>
  /** Empty for a key pair that needs none. */
  readonly getSecurityToken: () => Promise<string>
  /** Empty: there is none. */
  readonly getBearerToken: () => string
  readonly getType: () => string
  readonly getCredentials: () => Promise<{
    readonly accessKeyId: string
    readonly accessKeySecret: string
    readonly securityToken: string
    readonly providerName: string
  }>
  readonly getProviderName: () => string
}

// Clients send the provider's name to the service, so it tells nothing about where a program has its keys.
const providerName = "effect-sts"

// What the vendor's own default chain calls whatever it found.
const type = "default"

const plain = ({ accessKeyId, accessKeySecret, securityToken }: Credentials) => ({
  accessKeyId,
  accessKeySecret: Redacted.value(accessKeySecret),
  securityToken: securityToken === undefined ? "" : Redacted.value(securityToken),
  providerName
})

const modelOf = (credentials: Credentials): AlibabaCredentialModel => {
  const { securityToken, ...key } = plain(credentials)
  const fields = { ...key, type, ...(securityToken === "" ? undefined : { securityToken }) }
  return { ...fields, toMap: () => ({ ...fields }) }
}

/**
 * The credentials in use in the shape of `@alicloud/credentials`, for any client of Alibaba Cloud's SDK for Node.js. It
 * runs with the clock, tracer and settings of the program that made it, and rejects with this package's own errors. The
 * clients ask before every request, so they always sign with the latest.
 *
 * @example
 * ```ts
 * import { $OpenApiUtil } from "@alicloud/openapi-core"
 * import * as Effect from "effect/Effect"
 * import * as Alibaba from "effect-sts/alibaba"
 *
 * const config = Effect.map(
 *   Alibaba.toAlibabaCredential,
 *   (credential) => new $OpenApiUtil.Config({ credential, regionId: "cn-hangzhou" })
 * )
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const toAlibabaCredential: Effect.Effect<AlibabaCredential, never, CredentialProvider> = Effect.map(
  Effect.all([CredentialProvider, running]),
  ([{ get }, run]) => {
    const latest = Effect.map(get, plain)
    return {
      getCredential: () => run(Effect.map(get, modelOf)),
      getAccessKeyId: () => run(Effect.map(latest, ({ accessKeyId }) => accessKeyId)),
      getAccessKeySecret: () => run(Effect.map(latest, ({ accessKeySecret }) => accessKeySecret)),
      getSecurityToken: () => run(Effect.map(latest, ({ securityToken }) => securityToken)),
      getBearerToken: () => "",
      getType: () => type,
      getCredentials: () => run(latest),
      getProviderName: () => providerName
    }
  }
)
