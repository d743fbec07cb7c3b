/**
 * Executors of commands for tests.
 */
import * as Command from "@effect/platform/Command"
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Executor, Process } from "../../src/layers/command.js"
import type { PlatformError } from "../../src/layers/platformError.js"

/** Nothing is to be run. */
export const noCommand = Layer.succeed(
  CommandExecutor.CommandExecutor,
  CommandExecutor.makeExecutor(() => Effect.die("no command is to be run"))
)

type Started = Effect.Effect<Process, PlatformError, Scope.Scope>

/** An executor that does something about each command that it starts, whose words it knows. */
export const stepping = (
  executor: Executor,
  step: (started: Started, words: ReadonlyArray<string>) => Started
): Executor =>
  CommandExecutor.makeExecutor((command) =>
    step(
      executor.start(command),
      Command.flatten(command).flatMap((one) => [one.command, ...one.args])
    )
  )
