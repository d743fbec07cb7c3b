/** Credentials that the command of a CLI profile prints. */
import { platform } from "node:os"
import * as Effect from "effect/Effect"
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
import type { CredentialSource } from "../../services/CredentialSource.js"
import type { Source } from "../../services/SourceRequest.js"
import { runCommand } from "../runCommand.js"
import { read } from "./credentials.js"

/** Which command, and where it was configured. */
export interface Options {
  /** A program and its arguments, parted by spaces; no shell sees them. */
  readonly command: Redacted.Redacted
  readonly where: Pick<Source, "file" | "line" | "profile">
}

const source = "external command"
const key = "process_command"
const timeout = "1 minute"

const system: Platform = platform() === "win32" ? "windows" : "other"

const byShell = `Write ${system === "windows" ? 'cmd /c "..."' : "sh -c '...'"} around it where a shell is meant, or write out what it stands for.`

/**
 * Runs the command each time it is asked and reads the document that it prints. Where this process has a terminal, the
 * command can ask who sits there: its standard input is the terminal, and what it writes to its standard error appears
 * there; anywhere else its input is empty. The error of a command that fails repeats the last lines of its standard
 * error, without what may be secret. A command that takes too long is killed with everything that it started.
 */
export const make = ({
  command,
  where
}: Options): Effect.Effect<CredentialSource<Credentials>, never, ChildProcessSpawner.ChildProcessSpawner> => {
  const fail = (reason: CredentialErrorReason, detail: string, hint?: string, transient = true) =>
    new StsCredentialError({ cloud: "alibaba", source, reason, detail, key, hint, transient, ...where })
  return Effect.map(ChildProcessSpawner.ChildProcessSpawner, (executor) => ({
    name: source,
    get: Effect.gen(function* () {
      const words = yield* Effect.fromResult(
        Result.mapError(parseWords(Redacted.value(command), system), (detail) =>
          fail("Malformed", detail, undefined, false)
        )
      )
      const found = yield* Effect.mapError(runCommand(executor, { words }, timeout, parseOutput), (fault) => {
        const meant = shellSyntax(Redacted.value(command), system)
        return meant === undefined
          ? fail(fault.reason, fault.detail, fault.hint)
          : fail(
              fault.reason,
              `${fault.detail}; no shell expands it, and ${meant} stands for itself`,
              byShell
            )
      })
      const credentials = yield* Effect.fromResult(
        Result.mapError(read({ source, keys: outputKeys }, found), ({ detail, reason }) =>
          fail(reason, `in the command's output, ${detail}`)
        )
      )
      return (yield* credentials.isExpired)
        ? yield* fail("Expired", "the command gave credentials that have ended")
        : credentials
    })
  }))
}
