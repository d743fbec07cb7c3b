/**
 * Commands as the platform has them: made, started and ended in one place.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as ChildProcess from "effect/process/ChildProcess"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { PlatformError } from "./platformError.js"

/**
 * Who starts commands.
 *
 * @category models
 * @since 0.1.0
 */
export type Executor = ChildProcessSpawner.ChildProcessSpawner["Service"]

/**
 * A command that has been started.
 *
 * @category models
 * @since 0.1.0
 */
export type Process = ChildProcessSpawner.ChildProcessHandle

/**
 * A command to be started. Its input is this process's own, or at its end.
 *
 * @category models
 * @since 0.1.0
 */
export interface Command {
  /** A program and its arguments, or one line for the system's shell. */
  readonly words: readonly [string, ...string[]]
  readonly shell: boolean
  readonly input: "inherit" | "none"
}

/**
 * Starts a command; it ends with the scope.
 *
 * @category constructors
 * @since 0.1.0
 */
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

/**
 * Ends a command at once.
 *
 * @category combinators
 * @since 0.1.0
 */
export const kill = (process: Process): Effect.Effect<void, PlatformError> =>
  process.kill({ killSignal: "SIGKILL" })

/**
 * Lets what a command has left behind go on when the scope closes.
 *
 * @category combinators
 * @since 4.0.0
 */
export const leave = (process: Process): Effect.Effect<void> => Effect.asVoid(Effect.orDie(process.unref))

/**
 * What is left of a program's input has nowhere to go, and its error would be logged with the command's words.
 *
 * @category combinators
 * @since 0.1.0
 */
export const unlogged: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> =
  Effect.provideService(References.UnhandledLogLevel, undefined)
