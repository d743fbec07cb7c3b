/** The platform's face of running programs: what it asks for, and what it gets. */

import * as Effect from "effect/Effect"
import * as ChildProcess from "effect/process/ChildProcess"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import type { PlatformError } from "../platform.js"
import type { Spawning } from "./worker.js"

type Bytes = Stream.Stream<Uint8Array, PlatformError>

/**
 * One program of a command, and where its input comes from, unless from this process or from who talks to it.
 */
export interface Part {
  readonly spawning: Spawning
  readonly input: Bytes | undefined
  readonly output: (stdout: Bytes) => Bytes
}

/** A program that runs. */
export interface Running {
  readonly pid: number
  readonly exitCode: Effect.Effect<number, PlatformError>
  readonly isRunning: Effect.Effect<boolean>
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<void, PlatformError>
  readonly stdin: Sink.Sink<void, Uint8Array, never, PlatformError>
  readonly stdout: Bytes
  readonly stderr: Bytes
}

type Options = ChildProcess.CommandOptions

const stdio = (stream: unknown): "inherit" | "pipe" => (stream === "inherit" ? "inherit" : "pipe")

const inputOf = ({ stdin }: Options): unknown =>
  typeof stdin === "object" && "stream" in stdin ? stdin.stream : stdin

const outputOf = (out: Options["stdout"] | Options["stderr"]): unknown =>
  typeof out === "object" && "stream" in out ? out.stream : out

const textOf = (value: string | Redacted.Redacted<string>): string =>
  typeof value === "string" ? value : Redacted.value(value)

const environmentOf = ({ env = {}, extendEnv }: Options): NodeJS.ProcessEnv => {
  const own = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, textOf(value)]]
  )
  return { ...(extendEnv === true ? process.env : {}), ...Object.fromEntries(own) }
}

const partOf = ({ args, command, options }: ChildProcess.StandardCommand): Part => {
  const stdin = inputOf(options)
  const stdout = outputOf(options.stdout)
  return {
    spawning: {
      program: command,
      args: args.map(textOf),
      cwd: options.cwd,
      env: environmentOf(options),
      shell: options.shell ?? false,
      uid: undefined,
      gid: undefined,
      stdio: [stdio(stdin), stdio(stdout), stdio(outputOf(options.stderr))]
    },
    input: Stream.isStream(stdin) ? (stdin as Bytes) : undefined,
    output: (bytes) => (Sink.isSink(stdout) ? Stream.transduce(bytes, stdout as Output) : bytes)
  }
}

type Output = Sink.Sink<Uint8Array, Uint8Array, never, PlatformError>

const partsOf = (command: ChildProcess.Command): ReadonlyArray<Part> =>
  ChildProcess.isStandardCommand(command)
    ? [partOf(command)]
    : [...partsOf(command.left), ...partsOf(command.right)]

const handleOf = (running: Running): ChildProcessSpawner.ChildProcessHandle =>
  ChildProcessSpawner.makeHandle({
    ...running,
    pid: ChildProcessSpawner.ProcessId(running.pid),
    exitCode: Effect.map(running.exitCode, ChildProcessSpawner.ExitCode),
    kill: ({ killSignal = "SIGTERM" } = {}) => running.kill(killSignal as NodeJS.Signals),
    all: Stream.merge(running.stdout, running.stderr),
    // No more than the three standard streams is carried between the threads.
    getInputFd: () => Sink.drain,
    getOutputFd: () => Stream.empty,
    unref: Effect.succeed(Effect.void)
  })

/** The executor that starts a row of programs, each of which reads what the one before it writes. */
export const executorOf = (
  start: (parts: ReadonlyArray<Part>) => Effect.Effect<Running, PlatformError, Scope.Scope>
): ChildProcessSpawner.ChildProcessSpawner["Service"] =>
  ChildProcessSpawner.make((command) => Effect.map(start(partsOf(command)), handleOf))
