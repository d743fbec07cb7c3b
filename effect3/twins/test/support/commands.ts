// Commands are made of steps, without options.
import * as ChildProcess from "@effect/platform/Command"
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { Executor, PlatformError, Process } from "../../src/layers/platform.js"

/** Nothing is to be run. */
export const noCommand = Layer.succeed(
  CommandExecutor.CommandExecutor,
  CommandExecutor.makeExecutor(() => Effect.die("no command is to be run"))
)

export type Command = ChildProcess.Command

export interface Settings {
  readonly stdin?: Stream.Stream<Uint8Array>
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

export const commandOf = (
  program: string,
  args: ReadonlyArray<string> = [],
  { cwd, env = {}, stdin }: Settings = {}
): Command => {
  const command = ChildProcess.make(program, ...args).pipe(
    ChildProcess.env(env),
    ChildProcess.stdin(stdin ?? "pipe")
  )
  return cwd === undefined ? command : ChildProcess.workingDirectory(command, cwd)
}

export const { pipeTo } = ChildProcess

type Started = Effect.Effect<Process, PlatformError, Scope.Scope>

export const startWith = (executor: Executor, command: Command): Started => executor.start(command)

/** An executor that does something about each command that it starts, whose words it knows. */
export const stepping = (
  executor: Executor,
  step: (started: Started, words: ReadonlyArray<string>) => Started
): Executor =>
  CommandExecutor.makeExecutor((command) =>
    step(
      executor.start(command),
      ChildProcess.flatten(command).flatMap((one) => [one.command, ...one.args])
    )
  )
