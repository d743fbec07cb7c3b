/** Running the commands that print credentials. */
import { writeSync } from "node:fs"
import { isatty } from "node:tty"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as CommandOutput from "../protocol/commandOutput.js"
import type { CredentialErrorReason } from "../schemas/StsError.js"
import { timeLimit } from "../services/fiber.js"
import * as Platform from "./platform.js"

/** What is run. */
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
 * Why a command gave nothing. It never holds the command itself, nor what it wrote to its standard output; of its
 * standard error it holds the last lines, without what may be secret.
 */
export interface CommandFault {
  readonly reason: CredentialErrorReason
  readonly detail: string
  readonly hint?: string | undefined
}

/** The longest output that is taken: 1 MiB. */
export const maxOutput = 1024 * 1024

/** Whether a standard stream of this process leads to a terminal. */
const terminal = { input: () => isatty(0) && isatty(2), error: () => isatty(2) }

// In a server there is nobody at a terminal, and a program that asks would hang: its input is empty.
const commandOf = (program: Program): Platform.Command => ({
  words: "line" in program ? [program.line] : program.words,
  shell: "line" in program,
  input: terminal.input() ? "inherit" : "none"
})

/** What a command has done so far. */
class Doings {
  private readonly output: Array<Uint8Array> = []
  private outputLength = 0
  error: Uint8Array = new Uint8Array()
  /** Whether it has ended, while what it started may go on. */
  ended = false

  write(chunk: Uint8Array) {
    this.outputLength += chunk.length
    if (!this.full) this.output.push(chunk)
  }

  /** Whether it has written more than is taken. */
  get full(): boolean {
    return this.outputLength > maxOutput
  }

  complain(chunk: Uint8Array) {
    // One more byte tells that there was more.
    this.error = Buffer.concat([this.error, chunk]).subarray(-CommandOutput.longestTail - 1)
    if (!terminal.error()) return
    try {
      writeSync(2, chunk)
    } catch {
      // A terminal that is gone or full shows nothing, and the command continues.
    }
  }

  get text(): string {
    return new TextDecoder().decode(Buffer.concat(this.output))
  }
}

const secretsOf = (program: Program, { text }: Doings): ReadonlyArray<string> => [
  ...CommandOutput.secretVariables(process.env),
  ...CommandOutput.secretsIn("line" in program ? program.line : program.words.join(" ")),
  ...CommandOutput.secretsIn(text)
]

/** The error already contains what the command itself says, so that no hint has to point there. */
const complaining = (fault: CommandFault, program: Program, doings: Doings): CommandFault => {
  const said = CommandOutput.complaint(doings.error, secretsOf(program, doings))
  return said === ""
    ? fault
    : {
        ...fault,
        detail: `${fault.detail}; it says: ${said}`,
        hint: fault.hint === byHand ? undefined : fault.hint
      }
}

const fault = (reason: CredentialErrorReason, detail: string, hint?: string): CommandFault => ({
  reason,
  detail,
  hint
})

const byHand = "Run the command by hand to see what it says."

const tooLong = ({ ended }: Doings): CommandFault =>
  ended
    ? fault(
        "Unavailable",
        "the command has ended, but a process that it left in the background kept its output open until it was ended too",
        "Redirect the output of what stays in the background: program >/dev/null 2>&1 &"
      )
    : fault(
        "Unavailable",
        "the command took too long and was ended",
        "It may be waiting for input: it can ask only at a terminal, through standard input and standard error."
      )

const notFound = fault(
  "Malformed",
  "there is no such program",
  "Install it, or give its full path: a service may have a different PATH and working directory than a terminal. A script also needs the interpreter that its first line names."
)

const notExecutable = fault(
  "Malformed",
  "the program is not executable, or is a folder",
  "Make the file executable with chmod +x, or name the program that reads it first."
)

// The platform's error contains the command's words: only its reason is reported.
const reasonOf = (error: Platform.PlatformError): string => Platform.reasonOf(error).reason

const reasons: Readonly<Record<string, CommandFault>> = {
  NotFound: notFound,
  PermissionDenied: notExecutable
}

const notStarted = fault(
  "Malformed",
  "the command cannot be run as it is",
  "It must be neither empty nor very long, and hold no NUL character; every part of its path but the last must be a folder, and the last a program of this system."
)

const started = (executor: Platform.Executor, program: Program, doings: Doings) =>
  Effect.mapError(
    Effect.suspend(() => Platform.start(executor, commandOf(program))),
    (error) => {
      const reason = reasonOf(error)
      if (reason === "TimedOut") return tooLong(doings)
      return reasons[reason] ?? notStarted
    }
  ).pipe(
    // What Node throws at words that it does not take repeats the words.
    Effect.catchDefect(() => Effect.fail(notStarted))
  )

// Of the "Shell Command Language" (POSIX.1-2017), chapter "Exit Status for Commands".
const codes: ReadonlyMap<number, CommandFault> = new Map([
  [126, notExecutable],
  [127, notFound]
])

const signalled = (how = ""): CommandFault => fault("Unavailable", `a signal ended the command${how}`, byHand)

const failed = (code: number): CommandFault => {
  // A shell reports a signal by such a number.
  if (code > 128 && code < 160) return signalled(` (exit code ${code})`)
  return codes.get(code) ?? fault("Unavailable", `the command ended with exit code ${code}`, byHand)
}

const unreadable = fault("Unavailable", "the command's output could not be read")

const tooMuch = fault("Malformed", "the command wrote more output than credentials need")

/** What stays behind may hold its output open: that is waited for at most so many milliseconds. */
const lastWords = 500

const within = <A, E, R, E1>(effect: Effect.Effect<A, E, R>, duration: Duration.Input, late: () => E1) =>
  timeLimit(effect, Duration.toMillis(duration), late)

const attend = (
  process: Platform.Process,
  doings: Doings
): Effect.Effect<string, CommandFault, Scope.Scope> =>
  Effect.gen(function* () {
    const unlessLate = (otherwise: CommandFault) => (error: Platform.PlatformError) =>
      reasonOf(error) === "TimedOut" ? tooLong(doings) : otherwise
    // A pipe that is not read would fill up and block the program.
    const listening = yield* Effect.forkScoped(
      Stream.runForEach(process.stderr, (chunk) => Effect.sync(() => doings.complain(chunk)))
    )
    const reading = yield* Stream.runForEach(process.stdout, (chunk) => {
      doings.write(chunk)
      return doings.full ? Effect.fail(tooMuch) : Effect.void
    }).pipe(
      Effect.mapError((error) => ("_tag" in error ? unlessLate(unreadable)(error) : error)),
      Effect.forkScoped
    )
    const ending = yield* Effect.matchEffect(process.exitCode, {
      onFailure: (error) => {
        doings.ended = reasonOf(error) !== "TimedOut"
        return Effect.fail(unlessLate(signalled())(error))
      },
      onSuccess: (code) => {
        doings.ended = true
        return code === 0 ? Effect.void : Effect.fail(failed(code))
      }
    }).pipe(Effect.forkScoped)
    const end = yield* Effect.exit(
      Effect.all([Fiber.join(reading), Fiber.join(ending)], { concurrency: 2, discard: true })
    )
    if (doings.ended && !doings.full) {
      const rest = Effect.all([Fiber.await(reading), Fiber.await(listening)], { discard: true })
      yield* Effect.ignore(within(rest, lastWords, () => undefined))
    }
    yield* end
    return doings.text
  })

/**
 * Runs a command to its end, for so long at most by Effect's Clock, and reads what it writes to its standard output.
 *
 * A command that is abandoned or fails is killed with everything that it started. Where this process has a terminal,
 * the command can talk to who sits there: it reads the terminal, and what it writes to its standard error appears there
 * as it comes. A program that opens the terminal by its path (`/dev/tty`) finds none.
 */
export const runCommand = <A>(
  executor: Platform.Executor,
  program: Program,
  timeout: Duration.Input,
  read: (output: string) => Result.Result<A, CommandFault>
): Effect.Effect<A, CommandFault> =>
  Effect.flatMap(Deferred.make<void>(), (over) => {
    const doings = new Doings()
    // Its group is there as long as anything of it runs; and what has done its work may leave something behind.
    const ended = (process: Platform.Process) =>
      Effect.addFinalizer((exit) =>
        Exit.isSuccess(exit) ? Platform.leave(process) : Effect.ignore(Platform.kill(process))
      )
    let begun = false
    const run = Effect.uninterruptibleMask((restore) => {
      begun = true
      return Effect.tap(started(executor, program, doings), ended).pipe(
        Effect.flatMap((process) => restore(attend(process, doings)))
      )
    }).pipe(Effect.ensuring(Deferred.succeed(over, undefined)))
    // The end of the command takes none of its time, and comes when it has surely started or not.
    return within(run, timeout, () => tooLong(doings)).pipe(
      Effect.ensuring(Effect.suspend(() => (begun ? Deferred.await(over) : Effect.void))),
      Effect.scoped,
      Platform.unlogged,
      Effect.flatMap((value) => Effect.fromResult(read(value))),
      Effect.mapError((fault) => complaining(fault, program, doings))
    )
  })
