/**
 * Credentials from Alibaba Cloud's own credentials package, and ours for the clients of its SDK for Node.js.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import type { Place } from "../credentials.js"
import { rejected, running, textIn, type Vendor, waitFor } from "../vendorPromise.js"
import { read } from "./credentials.js"

/**
 * What a vendor's credential object has to be able to do.
 *
 * @category models
 * @since 0.1.0
 */
export interface AlibabaCredentialLike {
  /** The credentials to use now. */
  readonly getCredential: () => Promise<{
    /** The id of the access key; no secret. */
    readonly accessKeyId?: string | undefined
    /** The secret of the access key, in plain text. */
    readonly accessKeySecret?: string | undefined
    /** What makes credentials temporary, in plain text. */
    readonly securityToken?: string | undefined
    /** The kind of credentials, as the vendor's SDK calls it. */
    readonly type?: string | undefined
  }>
}

/**
 * How a vendor's credential object is used.
 *
 * @category models
 * @since 0.1.0
 */
export interface FromAlibabaCredentialOptions {
  /** Its name in errors and traces. Default: `Alibaba Cloud SDK credential`. */
  readonly name?: string | undefined
}

const keys: Place["keys"] = { id: "accessKeyId", secret: "accessKeySecret", token: "securityToken" }

const withoutKeys: ReadonlySet<string> = new Set(["bearer", "id_token"])

/**
 * A source that asks an object of `@alicloud/credentials` each time it is asked itself. What it gives is checked. A
 * rejection becomes a `StsCredentialError` with only the name and code of the original error.
 *
 * The object renews its credentials by itself and does not say when they expire: so do not keep what this source gives
 * behind `Refreshing`. Nothing can wait for a promise under `Effect.runSync`: there it fails with `Unsupported`.
 *
 * @example
 * ```ts
 * import * as Layer from "effect/Layer"
 * import * as Alibaba from "effect-sts/alibaba"
 *
 * // any credential of `@alicloud/credentials`
 * const providerOf = (theirs: Alibaba.AlibabaCredentialLike) =>
 *   Layer.succeed(Alibaba.CredentialProvider, Alibaba.fromAlibabaCredential(theirs))
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const fromAlibabaCredential = (
  credential: AlibabaCredentialLike,
  { name = "Alibaba Cloud SDK credential" }: FromAlibabaCredentialOptions = {}
): CredentialSource<Credentials> => {
  const vendor: Vendor = { cloud: "alibaba", source: name }
  const fail = (reason: "Malformed" | "Unsupported", detail: string) =>
    new StsCredentialError({ ...vendor, reason, detail })
  return {
    name,
    get: Effect.gen(function* () {
      const given = yield* waitFor(vendor, () => credential.getCredential(), rejected(vendor))
      const text = textIn(vendor, given)
      if (withoutKeys.has((yield* text("type")) ?? "")) {
        return yield* fail("Unsupported", "it contains a token instead of an access key pair")
      }
      const id = yield* text("accessKeyId")
      const secret = yield* text("accessKeySecret")
      if (!id && !secret) return yield* fail("Malformed", "it gave no credentials")
      return yield* Effect.fromResult(
        read({ source: name, keys }, { id, secret, token: yield* text("securityToken") })
      )
    })
  }
}

/**
 * Credentials as `@alicloud/credentials` has them, a `CredentialModel`: secrets are plain text, and there is no
 * expiration.
 *
 * @category models
 * @since 0.1.0
 */
export type AlibabaCredentialModel = {
  /** The id of the access key; no secret. */
  readonly accessKeyId: string
  /** The secret of the access key, in plain text. */
  readonly accessKeySecret: string
  /** What makes credentials temporary, in plain text. */
  readonly securityToken?: string
  /** The kind of credentials, as the vendor's SDK calls it. */
  readonly type: string
  /** The source that they come from, by its name. */
  readonly providerName: string
  /** The same as a plain object. */
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
  /** The credentials to use now. */
  readonly getCredential: () => Promise<AlibabaCredentialModel>
  /** The id of the access key to use now; no secret. */
  readonly getAccessKeyId: () => Promise<string>
  /** The secret of the access key to use now, in plain text. */
  readonly getAccessKeySecret: () => Promise<string>
  /** Empty for a key pair that needs none. */
  readonly getSecurityToken: () => Promise<string>
  /** Empty: there is none. */
  readonly getBearerToken: () => string
  /** The kind of credentials, as the vendor's SDK calls it. */
  readonly getType: () => string
  /** The credentials to use now, by the vendor's older name. */
  readonly getCredentials: () => Promise<{
    /** The id of the access key; no secret. */
    readonly accessKeyId: string
    /** The secret of the access key, in plain text. */
    readonly accessKeySecret: string
    /** What makes credentials temporary, in plain text. */
    readonly securityToken: string
    /** The source that they come from, by its name. */
    readonly providerName: string
  }>
  /** The source that they come from, by its name. */
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
