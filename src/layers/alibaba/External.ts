/**
 * Credentials that a command prints.
 *
 * @since 0.1.0
 */
import { platform } from "node:os"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import {
  outputKeys,
  type Platform,
  parseOutput,
  parseWords,
  shellSyntax
} from "../../protocol/alibaba/external.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { type CredentialErrorReason, StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { ConfiguredAt } from "../../services/SourceRequest.js"
import { fromConfig } from "../layerConfig.js"
import { runCommand } from "../runCommand.js"
import { read, refreshing } from "./credentials.js"

/**
 * Which command.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** A program and its arguments, separated by spaces; no shell sees them. A profile's `process_command`. */
  readonly command: string | Redacted.Redacted
  /**
   * How long the command may take. Default: 1 minute; under `Effect.runSync` the blocking layer's `commandTimeout`
   * counts too.
   */
  readonly timeout?: Duration.Input | undefined
}

const source = "external command"
const key = "process_command"

const system: Platform = platform() === "win32" ? "windows" : "other"

const byShell = `Write ${system === "windows" ? 'cmd /c "..."' : "sh -c '...'"} around it where a shell is meant, or write out what it stands for.`

/**
 * Runs the command each time it is asked and reads the document that it prints. Where this process has a terminal, the
 * command can ask the user: its standard input is the terminal, and what it writes to its standard error appears there;
 * anywhere else its input is empty. The error of a command that fails repeats the last lines of its standard error,
 * without what may be secret. A command that takes too long is killed with everything that it started.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: Options
): Effect.Effect<CredentialSource<Credentials>, never, ChildProcessSpawner.ChildProcessSpawner> =>
  Effect.gen(function* () {
    const { timeout = "1 minute" } = options
    const command = Redacted.isRedacted(options.command) ? Redacted.value(options.command) : options.command
    const executor = yield* ChildProcessSpawner.ChildProcessSpawner
    const where = yield* ConfiguredAt
    const fail = (reason: CredentialErrorReason, detail: string, hint?: string, transient = true) =>
      new StsCredentialError({ cloud: "alibaba", source, reason, detail, key, hint, transient, ...where })
    const get = Effect.gen(function* () {
      const words = yield* Effect.fromResult(
        Result.mapError(parseWords(command, system), (detail) => fail("Malformed", detail, undefined, false))
      )
      const found = yield* Effect.mapError(runCommand(executor, { words }, timeout, parseOutput), (fault) => {
        const meant = shellSyntax(command, system)
        return meant === undefined
          ? fail(fault.reason, fault.detail, fault.hint)
          : fail(
              fault.reason,
              `${fault.detail}; no shell expands it, so ${meant} is taken literally`,
              byShell
            )
      })
      const credentials = yield* Effect.fromResult(
        Result.mapError(read({ source, keys: outputKeys }, found), ({ detail, reason }) =>
          fail(reason, `in the command's output, ${detail}`)
        )
      )
      return (yield* credentials.isExpired)
        ? yield* fail("Expired", "the command gave credentials that have expired")
        : credentials
    })
    return { name: source, get }
  })

/**
 * The command alone, run again before its credentials end.
 *
 * @example
 * ```ts
 * import { Alibaba } from "effect-sts"
 *
 * const provider = Alibaba.External.layer({ command: "vault-credentials --role reader" })
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  options: Options
): Layer.Layer<CredentialProvider, never, ChildProcessSpawner.ChildProcessSpawner> =>
  refreshing(make(options))

/**
 * The same as {@link layer}, with options that the configuration states: each may be a `Config`. A setting that is missing
 * or wrong is a `StsConfigError` that names the option.
 *
 * @category layers
 * @since 4.0.0
 */
export const layerConfig = /* @__PURE__ */ fromConfig(layer)
