/**
 * Credentials from the environment, or whatever Effect's ConfigProvider stands for.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { variables } from "../environmentKeys.js"
import type { Place } from "../keyPair.js"
import { read } from "./keyPair.js"

const place: Place = {
  source: "environment",
  keys: {
    id: "AWS_ACCESS_KEY_ID",
    secret: "AWS_SECRET_ACCESS_KEY",
    token: "AWS_SESSION_TOKEN"
  }
}

/**
 * Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary credentials,
 * `AWS_SESSION_TOKEN` each time it is asked. Blank counts as unset; half a pair is `Incomplete`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const source: CredentialSource<Credentials> = {
  name: place.source,
  get: Effect.flatMap(variables(place.keys), (found) => read(place, found))
}

/**
 * The environment alone.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider> = Layer.succeed(CredentialProvider, source)
