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
import * as Stream from "effect/Stream"
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
 * What came of a command. None of it holds the command's words or what it wrote to its standard error: both may be
 * secret.
 *
 * @category models
 * @since 0.1.0
 */
export type Outcome =
  | { readonly _tag: "Ended"; readonly output: string }
  /** It ended with another exit code than 0, or by a signal. */
  | { readonly _tag: "Failed"; readonly detail: string; readonly found: boolean }
  | { readonly _tag: "NotStarted"; readonly detail: string }
  | { readonly _tag: "TooLong" }
  | { readonly _tag: "TooMuch" }

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

const tooLong: Outcome = { _tag: "TooLong" }

// The platform's error holds the words of the command: only its reason is told.
const reasonOf = (error: PlatformError.PlatformError): string =>
  error._tag === "SystemError" ? error.reason : error._tag

const notStarted = (error: PlatformError.PlatformError): Outcome =>
  reasonOf(error) === "TimedOut"
    ? tooLong
    : {
        _tag: "NotStarted",
        detail: reasonOf(error) === "NotFound" ? "there is no such program" : reasonOf(error)
      }

const ended = (code: Option.Option<number>, output: string): Outcome => {
  if (Option.isNone(code)) return { _tag: "Failed", detail: "a signal ended it", found: true }
  return code.value === 0
    ? { _tag: "Ended", output }
    : { _tag: "Failed", detail: `it ended with exit code ${code.value}`, found: code.value !== 127 }
}

const attend = (process: CommandExecutor.Process): Effect.Effect<Outcome> =>
  Effect.gen(function* () {
    // A pipe that nobody reads would fill up and hold the program.
    yield* Effect.forkScoped(Effect.ignore(Stream.runDrain(process.stderr)))
    const { chunks, length } = yield* Effect.orElseSucceed(whole(process.stdout), () => ({
      chunks: [],
      length: 0
    }))
    if (length > maxOutput) return { _tag: "TooMuch" } as const
    return ended(yield* Effect.option(process.exitCode), decoded(chunks))
  }).pipe(Effect.scoped)

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
): Effect.Effect<Outcome> => {
  const run = Effect.gen(function* () {
    const process = yield* executor.start(commandOf(program))
    yield* Effect.addFinalizer(() =>
      Effect.ignore(Effect.whenEffect(process.kill("SIGKILL"), process.isRunning))
    )
    return yield* attend(process)
  }).pipe(
    Effect.scoped,
    Effect.catchAll((error) => Effect.succeed(notStarted(error))),
    // What is left of a program's input has nowhere to go, and its error would be logged with the command's words.
    Effect.withUnhandledErrorLogLevel(Option.none())
  )
  return Effect.clockWith((clock) =>
    Effect.merge(timeLimit(run, clock, Duration.toMillis(timeout), () => tooLong))
  )
}
