/**
 * Credentials from Alibaba Cloud's own credentials package.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import type { Place } from "../credentials.js"
import { rejected, textIn, type Vendor, waitFor } from "../vendorPromise.js"
import { read } from "./credentials.js"

/**
 * What a vendor's credential object must be able to do.
 *
 * @category models
 * @since 0.1.0
 */
export interface GivesAlibabaCredential {
  readonly getCredential: () => Promise<{
    readonly accessKeyId?: string | undefined
    readonly accessKeySecret?: string | undefined
    readonly securityToken?: string | undefined
    readonly type?: string | undefined
  }>
}

/**
 * How a vendor's credential object is taken.
 *
 * @category models
 * @since 0.1.0
 */
export interface FromAlibabaCredentialOptions {
  /** How errors and traces call it; `Alibaba Cloud SDK credential` where left out. */
  readonly name?: string | undefined
}

const keys: Place["keys"] = { id: "accessKeyId", secret: "accessKeySecret", token: "securityToken" }

const withoutKeys: ReadonlySet<string> = new Set(["bearer", "id_token"])

/**
 * A source that asks an object of `@alicloud/credentials` each time it is asked itself. What it gives is checked. What
 * it rejects with becomes a `StsCredentialError`, which tells the foreign error's name and code only.
 *
 * The object renews its credentials by itself and does not tell when they end: so do not keep what this source gives
 * behind `Refreshing`. Nothing can wait for a promise under `Effect.runSync`: there it fails with `Unsupported`.
 *
 * @example
 * ```ts
 * import * as Layer from "effect/Layer"
 * import * as Alibaba from "effect-sts/alibaba"
 *
 * // any credential of `@alicloud/credentials`
 * const providerOf = (theirs: Alibaba.GivesAlibabaCredential) =>
 *   Layer.succeed(Alibaba.CredentialProvider, Alibaba.fromAlibabaCredential(theirs))
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const fromAlibabaCredential = (
  credential: GivesAlibabaCredential,
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
        return yield* fail("Unsupported", "it holds a token instead of an access key pair")
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
