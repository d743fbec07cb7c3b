/**
 * Codes of multi-factor authentication devices: whom to ask for them, and how to ask a person at a terminal.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type CredentialErrorReason, StsCredentialError } from "../schemas/StsError.js"

/**
 * Gives the code that the device with this serial number or ARN shows now.
 *
 * @category models
 * @since 0.1.0
 */
type Ask = (serial: string) => Effect.Effect<Redacted.Redacted, StsCredentialError>

const nobody: Ask = (serial) =>
  Effect.fail(
    new StsCredentialError({
      cloud: "aws",
      source: "MFA",
      reason: "Incomplete",
      key: "mfa_serial",
      detail: `a code from ${serial} is needed, and there is no way to ask for one`,
      hint: "Provide MfaPrompt.layer to ask at the terminal, or MfaTokenCode.layer with an effect that gives the code."
    })
  )

/**
 * Gets the code of an MFA device. Without it, nobody is asked.
 *
 * @category tags
 * @since 0.1.0
 */
export class MfaTokenCode extends Context.Reference("effect-sts/MfaTokenCode", {
  defaultValue: () => nobody
}) {
  /** Asks in this way throughout the program. */
  static layer(ask: Ask): Layer.Layer<never> {
    return Layer.succeedContext(Context.make(MfaTokenCode, ask) as Context.Context<never>)
  }
}

/** The answer to a question: the line that was typed, or why there is none. */
export type Answer = Redacted.Redacted | "no terminal" | "end of input"

/** Shows a question to whoever sits at the terminal, past any redirected output, and waits for a line. */
export type AskTerminal = (question: string) => Effect.Effect<Answer>

/** The paths of the terminal, to read and to write. The standard streams will not do: they may lead to files. */
export const terminalPaths = (platform: string): { readonly input: string; readonly output: string } =>
  platform === "win32"
    ? { input: "\\\\.\\CONIN$", output: "\\\\.\\CONOUT$" }
    : { input: "/dev/tty", output: "/dev/tty" }

const attempts = 3
const key = "mfa_serial"

const fail = (reason: CredentialErrorReason, detail: string, hint: string) =>
  Effect.fail(new StsCredentialError({ cloud: "aws", source: "MFA", reason, key, detail, hint }))

// A serial number comes from a file that anybody may have written.
const shown = (serial: string): string => serial.replace(/[^\x20-\x7e]/g, "?")

const prompt =
  (terminal: AskTerminal): Ask =>
  (serial) => {
    const device = shown(serial)
    const again = (left: number): ReturnType<Ask> =>
      Effect.flatMap(terminal(`Code of MFA device ${device}: `), (answer) => {
        if (answer === "no terminal") {
          return fail(
            "Incomplete",
            `a code from ${device} is needed, and there is no terminal to ask at`,
            "Run at a terminal, or provide MfaTokenCode.layer with an effect that gives the code."
          )
        }
        if (answer === "end of input") {
          return fail("Incomplete", `no code from ${device} was typed`, "Type the six digits that it shows.")
        }
        const code = Redacted.value(answer).replace(/\s/g, "")
        if (/^\d{6}$/.test(code)) return Effect.succeed(Redacted.make(code))
        return left > 1
          ? again(left - 1)
          : fail(
              "Malformed",
              `what was typed is not a code from ${device}`,
              "Type the six digits that it shows."
            )
      })
    return again(attempts)
  }

/** Asks at a terminal, up to three times until six digits are typed. */
export const terminalLayer = (terminal: AskTerminal): Layer.Layer<never> =>
  MfaTokenCode.layer(prompt(terminal))
