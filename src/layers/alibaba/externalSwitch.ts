/** Whether profiles may run commands and fetch credentials from URLs. */
import * as Effect from "effect/Effect"
import { StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import type { Source } from "../../services/failedCall.js"
import { settings } from "../../services/setting.js"

const key = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS"

const values: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false]
])

/** Fails where `ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS` forbids what a profile would do. */
export const check = (source: Source, what: string): Effect.Effect<void, SourceError> =>
  Effect.flatMap(settings([key]), ({ [key]: text = "false" }): Effect.Effect<void, SourceError> => {
    const disabled = values.get(text.toLowerCase())
    if (disabled === false) return Effect.void
    return disabled === undefined
      ? new StsConfigError({ key, detail: "must be true or false" })
      : new StsCredentialError({
          ...source,
          reason: "Unsupported",
          detail: `profile ${source.profile} would ${what}, which ${key} forbids`,
          key
        })
  })
