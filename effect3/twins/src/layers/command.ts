// Commands are made of steps, without options.
import * as Platform from "@effect/platform/Command"
import type * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { PlatformError } from "./platformError.js"

export type Executor = CommandExecutor.CommandExecutor

export type Process = CommandExecutor.Process

export interface Command {
  /** A program and its arguments, or one line for the system's shell. */
  readonly words: readonly [string, ...string[]]
  readonly shell: boolean
  readonly input: "inherit" | "none"
}

export const start = (
  executor: Executor,
  { input, shell, words }: Command
): Effect.Effect<Process, PlatformError, Scope.Scope> =>
  executor.start(
    Platform.make(...words).pipe(
      Platform.runInShell(shell),
      Platform.stdin(input === "inherit" ? "inherit" : Stream.empty)
    )
  )

export const leave = (_: Process): Effect.Effect<void> => Effect.void

export const kill = (process: Process): Effect.Effect<void, PlatformError> => process.kill("SIGKILL")

export const unlogged: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> =
  Effect.withUnhandledErrorLogLevel(Option.none())
