/**
 * Runs programs for `Effect.runSync`: a program has ended when its effect returns.
 *
 * @since 0.1.0
 */

import { type SpawnSyncReturns, spawnSync } from "node:child_process"
import * as Command from "@effect/platform/Command"
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as PlatformError from "@effect/platform/Error"
import * as Chunk from "effect/Chunk"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Inspectable from "effect/Inspectable"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import { fromErrno, unsupported } from "./platformError.js"

/**
 * What can be set.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** How long a program may run before it is killed: no timeout of a caller's own can end it. 1 minute. */
  readonly commandTimeout?: Duration.DurationInput | undefined
}

type Run = Effect.Effect<SpawnSyncReturns<Buffer>, PlatformError.PlatformError>

const inherited = (stdio: unknown): "inherit" | "pipe" => (stdio === "inherit" ? "inherit" : "pipe")

const environment = ({ env, extendEnv }: Command.StandardCommand): NodeJS.ProcessEnv => ({
  ...(extendEnv ? process.env : {}),
  ...Object.fromEntries(env)
})

const spawn = (
  method: string,
  command: Command.StandardCommand,
  input: Uint8Array | undefined,
  timeout: number
): Run =>
  Effect.suspend(() => {
    const result = spawnSync(command.command, [...command.args], {
      ...(input === undefined ? {} : { input }),
      stdio: [
        input === undefined ? inherited(command.stdin) : "pipe",
        inherited(command.stdout),
        inherited(command.stderr)
      ],
      cwd: Option.getOrUndefined(command.cwd),
      env: environment(command),
      shell: command.shell,
      uid: Option.getOrUndefined(command.uid),
      gid: Option.getOrUndefined(command.gid),
      maxBuffer: Number.POSITIVE_INFINITY,
      killSignal: "SIGKILL",
      timeout
    })
    // The arguments are left out: they may hold secrets.
    return result.error === undefined
      ? Effect.succeed(result)
      : Effect.fail(fromErrno({ module: "Command", method, subject: command.command }, result.error))
  })

const concat = (chunks: Chunk.Chunk<Uint8Array>): Uint8Array => Buffer.concat(Chunk.toReadonlyArray(chunks))

const inputOf = (command: Command.StandardCommand) =>
  typeof command.stdin === "string"
    ? Effect.succeed(undefined)
    : Effect.map(Stream.runCollect(command.stdin), concat)

/** One program after the other, each fed with what the one before wrote. */
const runAll = (method: string, command: Command.Command, timeout: number): Run => {
  const [first, ...rest] = Command.flatten(command)
  const begun: Run = Effect.flatMap(inputOf(first), (input) => spawn(method, first, input, timeout))
  return rest.reduce(
    (before, next) =>
      Effect.flatMap(before, ({ stdout }) => spawn(method, next, stdout ?? new Uint8Array(), timeout)),
    begun
  )
}

const exitCodeOf = (command: Command.Command, { signal, status }: SpawnSyncReturns<Buffer>) =>
  status === null
    ? Effect.fail(
        new PlatformError.SystemError({
          reason: "Unknown",
          module: "Command",
          method: "exitCode",
          pathOrDescriptor: Command.flatten(command)[0].command,
          description: `ended by ${String(signal)}`
        })
      )
    : Effect.succeed(CommandExecutor.ExitCode(status))

const bytesOf = (output: Buffer | null) => Stream.fromIterable(output === null ? [] : [output])

/** A program that has ended, as one that was started: its output is there, and killing it does nothing. */
const endedProcess = (
  command: Command.Command,
  result: SpawnSyncReturns<Buffer>
): CommandExecutor.Process => ({
  ...Inspectable.BaseProto,
  [CommandExecutor.ProcessTypeId]: CommandExecutor.ProcessTypeId,
  toJSON: () => ({ _id: "@effect/platform/CommandExecutor/Process", pid: result.pid }),
  pid: CommandExecutor.ProcessId(result.pid),
  exitCode: exitCodeOf(command, result),
  isRunning: Effect.succeed(false),
  kill: () => Effect.void,
  stdin: Sink.drain,
  stdout: bytesOf(result.stdout),
  stderr: bytesOf(result.stderr)
})

const linesOf = (text: string): Array<string> => {
  const lines = text.split(/\r?\n/)
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines
}

/**
 * The executor. `start` fails where a program's input is left open: it cannot be talked to while the thread is
 * blocked. With its input stated (`Command.stdin`, `Command.feed`) or inherited it is run to its end. The streams hold
 * all that the program wrote once it has ended.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): CommandExecutor.CommandExecutor => {
  const timeout = Duration.toMillis(options.commandTimeout ?? "1 minute")
  const output = (method: string, command: Command.Command) =>
    Effect.map(runAll(method, command, timeout), ({ stdout }): Uint8Array => stdout ?? new Uint8Array())
  const text = (method: string, command: Command.Command, encoding?: string) =>
    Effect.map(output(method, command), (bytes) => new TextDecoder(encoding).decode(bytes))
  return {
    [CommandExecutor.TypeId]: CommandExecutor.TypeId,
    exitCode: (command) =>
      Effect.flatMap(runAll("exitCode", command, timeout), (result) => exitCodeOf(command, result)),
    start: (command) =>
      Command.flatten(command)[0].stdin === "pipe"
        ? Effect.fail(unsupported("Command", "start"))
        : Effect.map(runAll("start", command, timeout), (result) => endedProcess(command, result)),
    string: (command, encoding) => text("string", command, encoding),
    lines: (command, encoding) => Effect.map(text("lines", command, encoding), linesOf),
    stream: (command) => Stream.fromEffect(output("stream", command)),
    streamLines: (command, encoding) =>
      Stream.fromIterableEffect(Effect.map(text("streamLines", command, encoding), linesOf))
  }
}

/**
 * The executor as a layer.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options?: Options): Layer.Layer<CommandExecutor.CommandExecutor> =>
  Layer.sync(CommandExecutor.CommandExecutor, () => make(options))
