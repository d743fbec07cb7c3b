/**
 * Credentials from the environment, or whatever Effect's ConfigProvider stands for.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsConfigError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import * as keyPair from "./keyPair.js"

const place: keyPair.Place = {
  source: "environment",
  keys: {
    accessKeyId: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    accessKeySecret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    securityToken: "ALIBABA_CLOUD_SECURITY_TOKEN"
  }
}

const variable = (name: string) => Config.withDefault(Config.string(name), undefined)

const variables = Config.all({
  accessKeyId: variable(place.keys.accessKeyId),
  accessKeySecret: variable(place.keys.accessKeySecret),
  securityToken: variable(place.keys.securityToken)
})

// A ConfigError may print what it found.
const unreadable = new StsConfigError({
  key: "ALIBABA_CLOUD_ACCESS_KEY_ID",
  detail: "could not be read from the configuration"
})

/**
 * Reads `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for temporary credentials,
 * `ALIBABA_CLOUD_SECURITY_TOKEN` each time it is asked. Blank counts as unset; half a pair is `Incomplete`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const source: CredentialSource<Credentials> = {
  name: place.source,
  get: variables.pipe(
    Effect.mapError(() => unreadable),
    Effect.flatMap((found) => keyPair.read(place, found))
  )
}

/**
 * The environment alone.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider> = Layer.succeed(CredentialProvider, source)
