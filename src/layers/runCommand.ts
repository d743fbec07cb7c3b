/**
 * Running the commands that print credentials.
 *
 * @since 0.1.0
 */
import * as Command from "@effect/platform/Command"
import type * as CommandExecutor from "@effect/platform/CommandExecutor"
import type * as PlatformError from "@effect/platform/Error"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { CredentialErrorReason } from "../schemas/StsError.js"
import { timeLimit } from "../services/timeLimit.js"

/**
 * What is run.
 *
 * @category models
 * @since 0.1.0
 */
export type Program =
  | {
      /** A line for the system's shell: `sh -c`, on Windows `cmd.exe /c`. */
      readonly line: string
    }
  | {
      /** The program and its arguments, which no shell sees. */
      readonly words: readonly [string, ...string[]]
    }

/**
 * Why a command gave nothing. It never holds the command's words or what it wrote to its standard error: both may be
 * secret.
 *
 * @category errors
 * @since 0.1.0
 */
export interface CommandFault {
  readonly reason: Extract<CredentialErrorReason, "Unavailable" | "Malformed">
  readonly detail: string
  readonly hint?: string | undefined
}

/**
 * The longest output that is taken: 1 MiB.
 *
 * @category constants
 * @since 0.1.0
 */
export const maxOutput = 1024 * 1024

// Nothing is asked of whoever sits at the terminal: in a server nobody does, and the program would hang.
const commandOf = (program: Program): Command.Command =>
  ("line" in program
    ? Command.runInShell(Command.make(program.line), true)
    : Command.make(...program.words)
  ).pipe(Command.stdin(Stream.empty))

const whole = (stdout: Stream.Stream<Uint8Array, PlatformError.PlatformError>) =>
  Stream.runFoldWhile(
    stdout,
    { chunks: [] as Array<Uint8Array>, length: 0 },
    ({ length }) => length <= maxOutput,
    ({ chunks, length }, chunk) => ({ chunks: [...chunks, chunk], length: length + chunk.length })
  )

const decoded = (chunks: ReadonlyArray<Uint8Array>): string => new TextDecoder().decode(Buffer.concat(chunks))

const fault = (reason: CommandFault["reason"], detail: string, hint?: string): CommandFault => ({
  reason,
  detail,
  hint
})

const tooLong = fault("Unavailable", "the command took too long and was ended")

const notFound = fault(
  "Malformed",
  "there is no such program",
  "Install it, or state its whole path: a service may have another PATH than a terminal."
)

// The platform's error holds the words of the command: only its reason is told.
const reasonOf = (error: PlatformError.PlatformError): string =>
  error._tag === "SystemError" ? error.reason : error._tag

const notStarted = (error: PlatformError.PlatformError): CommandFault => {
  const reason = reasonOf(error)
  if (reason === "TimedOut") return tooLong
  return reason === "NotFound" ? notFound : fault("Malformed", `the command could not be started (${reason})`)
}

const unusable = fault(
  "Malformed",
  "the command cannot be run as it is",
  "It must be neither empty nor very long, and hold no NUL character."
)

const started = (executor: CommandExecutor.CommandExecutor, program: Program) =>
  Effect.mapError(
    Effect.suspend(() => executor.start(commandOf(program))),
    notStarted
  ).pipe(
    // What Node throws at words that it does not take repeats the words.
    Effect.catchAllDefect(() => Effect.fail(unusable))
  )

const byHand = "Run the command by hand to see what it says."

const codeOfMissing = 127

const failed = (code: number): CommandFault =>
  code === codeOfMissing ? notFound : fault("Unavailable", `the command ended with exit code ${code}`, byHand)

const attend = (process: CommandExecutor.Process): Effect.Effect<string, CommandFault, Scope.Scope> =>
  Effect.gen(function* () {
    // A pipe that nobody reads would fill up and hold the program.
    yield* Effect.forkScoped(Effect.ignore(Stream.runDrain(process.stderr)))
    const { chunks, length } = yield* Effect.mapError(whole(process.stdout), () =>
      fault("Unavailable", "what the command writes could not be read")
    )
    if (length > maxOutput) {
      return yield* Effect.fail(fault("Malformed", "the command writes more than credentials need"))
    }
    const code = yield* Effect.mapError(process.exitCode, () =>
      fault("Unavailable", "a signal ended the command", byHand)
    )
    return code === 0 ? decoded(chunks) : yield* Effect.fail(failed(code))
  })

/**
 * Runs a command to its end, for so long at most by Effect's Clock, and takes what it writes to its standard output. A
 * command that is given up is killed.
 *
 * @category constructors
 * @since 0.1.0
 */
export const runCommand = (
  executor: CommandExecutor.CommandExecutor,
  program: Program,
  timeout: Duration.DurationInput
): Effect.Effect<string, CommandFault> => {
  const run = Effect.gen(function* () {
    const process = yield* started(executor, program)
    yield* Effect.addFinalizer(() =>
      Effect.ignore(Effect.whenEffect(process.kill("SIGKILL"), process.isRunning))
    )
    return yield* attend(process)
  }).pipe(
    Effect.scoped,
    // What is left of a program's input has nowhere to go, and its error would be logged with the command's words.
    Effect.withUnhandledErrorLogLevel(Option.none())
  )
  return Effect.clockWith((clock) => timeLimit(run, clock, Duration.toMillis(timeout), () => tooLong))
}
