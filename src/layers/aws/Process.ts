/**
 * Credentials that a command prints.
 *
 * @since 0.1.0
 */

import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Result from "effect/Result"
import { parseProcessOutput } from "../../protocol/commandOutput.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { type CredentialErrorReason, StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { ConfiguredAt } from "../../services/SourceRequest.js"
import type { Place } from "../credentials.js"
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
  /** A line for the system's shell. */
  readonly command: string
  /** The account, where the command does not tell it. */
  readonly accountId?: string | undefined
  /**
   * How long the command may take. Default: 1 minute; under `Effect.runSync` the blocking layer's `commandTimeout`
   * counts too.
   */
  readonly timeout?: Duration.Input | undefined
}

const source = "process"

const key = "credential_process"

const keys: Place["keys"] = {
  id: "AccessKeyId",
  secret: "SecretAccessKey",
  token: "SessionToken",
  expiration: "Expiration"
}

/**
 * Runs the command each time it is asked, and reads the document that it prints. The command gets this process's
 * environment. Where this process has a terminal, the command can ask the user: its standard input is the terminal, and
 * what it writes to its standard error appears there; anywhere else its input is empty.
 *
 * A command that fails, prints something else or prints credentials that have ended is an error, which says where the
 * command was configured, never shows the command itself, and repeats the last lines of its standard error, without
 * what may be secret. A command that takes too long is killed with everything that it started.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = ({
  accountId,
  command,
  timeout = "1 minute"
}: Options): Effect.Effect<CredentialSource<Credentials>, never, ChildProcessSpawner.ChildProcessSpawner> =>
  Effect.zipWith(ChildProcessSpawner.ChildProcessSpawner, ConfiguredAt, (executor, where) => {
    const fail = (reason: CredentialErrorReason, detail: string, hint?: string) =>
      new StsCredentialError({ cloud: "aws", source, reason, detail, key, hint, transient: true, ...where })
    const get = Effect.gen(function* () {
      const found = yield* Effect.mapError(
        runCommand(executor, { line: command }, timeout, parseProcessOutput),
        ({ detail, hint, reason }) => fail(reason, detail, hint)
      )
      const credentials = yield* Effect.fromResult(
        Result.mapError(
          read({ source, keys }, { ...found, accountId: found.accountId ?? accountId }),
          ({ detail, hint, reason }) => fail(reason, `in the command's output, ${detail}`, hint)
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
