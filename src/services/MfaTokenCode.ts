/**
 * Codes of multi-factor authentication devices.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { StsCredentialError } from "../schemas/StsError.js"

/**
 * Gives the code that the device with this serial number or ARN shows now.
 *
 * @category models
 * @since 0.1.0
 */
export type Ask = (serial: string) => Effect.Effect<Redacted.Redacted, StsCredentialError>

const nobody: Ask = (serial) =>
  Effect.fail(
    new StsCredentialError({
      cloud: "aws",
      source: "MFA",
      reason: "Incomplete",
      key: "mfa_serial",
      detail: `a code of ${serial} is needed and there is nobody to ask`,
      hint: "Provide MfaPrompt.layer to ask at the terminal, or MfaTokenCode.layer with an effect that gives the code."
    })
  )

/**
 * Who is asked for the code of a multi-factor authentication device. Nobody, where it is not provided.
 *
 * @category tags
 * @since 0.1.0
 */
export class MfaTokenCode extends Context.Reference("effect-sts/MfaTokenCode", {
  defaultValue: () => nobody
}) {
  /** Asks this way in the whole program. */
  static layer(ask: Ask): Layer.Layer<never> {
    return Layer.succeedContext(Context.make(MfaTokenCode, ask) as Context.Context<never>)
  }
}
