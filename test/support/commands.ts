/**
 * Executors of commands for tests.
 */

import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ChildProcess from "effect/process/ChildProcess"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { Executor, PlatformError, Process } from "../../src/layers/platform.js"

/** Nothing is to be run. */
export const noCommand = Layer.succeed(
  ChildProcessSpawner.ChildProcessSpawner,
  ChildProcessSpawner.make(() => Effect.die("no command is to be run"))
)

export type Command = ChildProcess.Command

/** Where it reads, and what it has of its own beside the environment of this process. */
export interface Settings {
  readonly stdin?: Stream.Stream<Uint8Array>
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

export const commandOf = (
  program: string,
  args: ReadonlyArray<string> = [],
  settings: Settings = {}
): Command => ChildProcess.make(program, args, { extendEnv: true, ...settings })

export const { pipeTo } = ChildProcess

const wordsOf = (command: ChildProcess.Command): ReadonlyArray<string> =>
  ChildProcess.isStandardCommand(command)
    ? [command.command, ...command.args.map(String)]
    : [...wordsOf(command.left), ...wordsOf(command.right)]

type Started = Effect.Effect<Process, PlatformError, Scope.Scope>

export const startWith = (executor: Executor, command: Command): Started => executor.spawn(command)

/** An executor that does something about each command that it starts, whose words it knows. */
export const stepping = (
  executor: Executor,
  step: (started: Started, words: ReadonlyArray<string>) => Started
): Executor => ChildProcessSpawner.make((command) => step(executor.spawn(command), wordsOf(command)))
