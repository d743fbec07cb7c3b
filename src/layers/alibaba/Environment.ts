/**
 * Credentials from the environment, or from whatever Effect's ConfigProvider reads.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ofOthers, prefixes } from "../../protocol/alibaba/settingNotes.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { settingNames } from "../../services/setting.js"
import { type Place, variables } from "../credentials.js"
import { read } from "./credentials.js"

const place = {
  source: "environment",
  keys: {
    id: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    secret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    token: "ALIBABA_CLOUD_SECURITY_TOKEN"
  }
} as const satisfies Place

/**
 * Reads `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for temporary credentials,
 * `ALIBABA_CLOUD_SECURITY_TOKEN` each time it is asked. Blank counts as unset; half a pair is `Incomplete`, as is the id of temporary credentials without
 * their token.
 *
 * @category constructors
 * @since 0.1.0
 */
export const source: CredentialSource<Credentials> = {
  name: place.source,
  get: Effect.flatMap(variables(place.keys), (found) => Effect.fromResult(read(place, found))).pipe(
    Effect.catch(
      (error): Effect.Effect<never, SourceError> =>
        error instanceof StsCredentialError && error.reason === "NotConfigured"
          ? Effect.flatMap(
              Effect.forEach(prefixes, settingNames),
              (names) => new StsCredentialError({ ...error, hint: ofOthers(names.flat()) })
            )
          : error
    )
  )
}

/**
 * The environment alone.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider> = /* @__PURE__ */ Layer.succeed(
  CredentialProvider,
  source
)
