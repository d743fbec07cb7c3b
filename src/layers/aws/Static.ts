/**
 * Credentials that the program states itself.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { Credentials } from "../../schemas/aws/Credentials.js"
import type { StsCredentialError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { type Place, plain } from "../keyPair.js"
import { read } from "./keyPair.js"

/**
 * An access key pair, with a session token where it is temporary. Secrets may be plain or `Redacted`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  readonly accessKeyId: string
  readonly secretAccessKey: string | Redacted.Redacted
  readonly sessionToken?: string | Redacted.Redacted | undefined
}

const place: Place = {
  source: "static credentials",
  keys: {
    id: "accessKeyId",
    secret: "secretAccessKey",
    token: "sessionToken"
  }
}

/**
 * Always gives the same credentials: an access key pair, or what an operation answered. An empty or malformed value
 * fails the layer with a `StsCredentialError`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  credentials: Options | Credentials
): Layer.Layer<CredentialProvider, StsCredentialError> =>
  Layer.effect(
    CredentialProvider,
    Effect.suspend(() =>
      read(place, {
        id: credentials.accessKeyId,
        secret: plain(credentials.secretAccessKey),
        token: plain(credentials.sessionToken)
      })
    ).pipe(
      Effect.map((checked) => (credentials instanceof Credentials ? credentials : checked)),
      Effect.map((given) => ({ name: place.source, get: Effect.succeed(given) }))
    )
  )
