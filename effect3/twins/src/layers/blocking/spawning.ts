// Commands are made of steps, without options.
import * as Command from "@effect/platform/Command"
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as Effect from "effect/Effect"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import type { PlatformError } from "../platform.js"
import type { Spawning } from "./worker.js"

type Bytes = Stream.Stream<Uint8Array, PlatformError>

export interface Part {
  readonly spawning: Spawning
  readonly input: Bytes | undefined
  readonly output: (stdout: Bytes) => Bytes
}

export interface Running {
  readonly pid: number
  readonly exitCode: Effect.Effect<number, PlatformError>
  readonly isRunning: Effect.Effect<boolean>
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<void, PlatformError>
  readonly stdin: Sink.Sink<void, Uint8Array, never, PlatformError>
  readonly stdout: Bytes
  readonly stderr: Bytes
}

const stdio = (stream: unknown): "inherit" | "pipe" => (stream === "inherit" ? "inherit" : "pipe")

// Older versions of @effect/platform know no such choice, and always do.
const extendsEnvironment = (command: Command.StandardCommand): boolean =>
  !("extendEnv" in command) || command.extendEnv === true

const partOf = (command: Command.StandardCommand): Part => {
  const { stdin, stdout } = command
  return {
    spawning: {
      program: command.command,
      args: command.args,
      cwd: Option.getOrUndefined(command.cwd),
      env: { ...(extendsEnvironment(command) ? process.env : {}), ...Object.fromEntries(command.env) },
      shell: command.shell,
      uid: Option.getOrUndefined(command.uid),
      gid: Option.getOrUndefined(command.gid),
      stdio: [stdio(stdin), stdio(stdout), stdio(command.stderr)]
    },
    input: typeof stdin === "string" ? undefined : stdin,
    output: (bytes) => (typeof stdout === "string" ? bytes : Stream.transduce(bytes, stdout))
  }
}

const processOf = (running: Running): CommandExecutor.Process => ({
  ...Inspectable.BaseProto,
  [CommandExecutor.ProcessTypeId]: CommandExecutor.ProcessTypeId,
  toJSON: () => ({ _id: "@effect/platform/CommandExecutor/Process", pid: running.pid }),
  ...running,
  pid: CommandExecutor.ProcessId(running.pid),
  exitCode: Effect.map(running.exitCode, CommandExecutor.ExitCode),
  kill: (signal = "SIGTERM") => running.kill(signal)
})

export const executorOf = (
  start: (parts: ReadonlyArray<Part>) => Effect.Effect<Running, PlatformError, Scope.Scope>
): CommandExecutor.CommandExecutor =>
  CommandExecutor.makeExecutor((command) =>
    Effect.map(start(Command.flatten(command).map(partOf)), processOf)
  )
