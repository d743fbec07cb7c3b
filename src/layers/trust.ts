/**
 * Which certificates a client trusts.
 *
 * @since 0.1.0
 */

import tls from "node:tls"
import * as Effect from "effect/Effect"
import { StsConfigError } from "../schemas/StsError.js"

/**
 * What takes the place of the certificates that Node trusts.
 *
 * @category models
 * @since 0.1.0
 */
export interface TrustOptions {
  /** Certificates in PEM, to trust instead of the system's. Without them `NODE_EXTRA_CA_CERTS` counts as ever. */
  readonly ca?: string | ReadonlyArray<string> | undefined
}

/**
 * The certificates, checked.
 *
 * @category constructors
 * @since 0.1.0
 */
export const trusted = ({
  ca
}: TrustOptions): Effect.Effect<ReadonlyArray<string> | undefined, StsConfigError> => {
  if (ca === undefined) return Effect.succeed(undefined)
  const certificates = typeof ca === "string" ? [ca] : ca
  return Effect.try({
    try: () => {
      tls.createSecureContext({ ca: [...certificates] })
      return certificates
    },
    catch: () => new StsConfigError({ key: "ca", detail: "is not a certificate in PEM" })
  })
}
