/** Commands as the platform has them: made, started and ended in one place. */
import * as Effect from "effect/Effect"
import * as ChildProcess from "effect/process/ChildProcess"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { PlatformError } from "./platformError.js"

/** Who starts commands. */
export type Executor = ChildProcessSpawner.ChildProcessSpawner["Service"]

/** A command that has been started. */
export type Process = ChildProcessSpawner.ChildProcessHandle

/** A command to be started. Its input is this process's own, or at its end. */
export interface Command {
  /** A program and its arguments, or one line for the system's shell. */
  readonly words: readonly [string, ...string[]]
  readonly shell: boolean
  readonly input: "inherit" | "none"
}

/** Starts a command; it ends with the scope. */
export const start = (
  executor: Executor,
  { input, shell, words: [program, ...args] }: Command
): Effect.Effect<Process, PlatformError, Scope.Scope> =>
  executor.spawn(
    ChildProcess.make(program, args, {
      shell,
      extendEnv: true,
      stdin: input === "inherit" ? "inherit" : Stream.empty
    })
  )

/** Ends a command at once. */
export const kill = (process: Process): Effect.Effect<void, PlatformError> =>
  process.kill({ killSignal: "SIGKILL" })

/** Lets what a command has left behind go on when the scope closes. */
export const leave = (process: Process): Effect.Effect<void> => Effect.asVoid(Effect.orDie(process.unref))

/**
 * What is left of a program's input has nowhere to go, and its error would be logged with the command's words.
 */
export const unlogged: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> =
  Effect.provideService(References.UnhandledLogLevel, undefined)
