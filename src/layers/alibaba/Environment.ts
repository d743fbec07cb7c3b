/**
 * Credentials from the environment, or from whatever Effect's ConfigProvider reads.
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { hinted, inEnvironment } from "./credentials.js"

/**
 * Reads `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for temporary credentials,
 * `ALIBABA_CLOUD_SECURITY_TOKEN` each time it is asked. Blank counts as unset; half a pair is `Incomplete`, as is the id of
 * temporary credentials without their token.
 *
 * @category constructors
 * @since 0.1.0
 */
export const source: CredentialSource<Credentials> = hinted(inEnvironment)

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
