/**
 * How the program ends: what a failure looks like to who runs it, a line that says what to do next and an exit status of its
 * kind; and how it is told to stop.
 */
import process from "node:process"
import * as Cause from "effect/Cause"
import * as CliError from "effect/cli/CliError"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { StsConfigError, StsValidationError } from "../index.js"
import { printable } from "./output.js"

/** A kind of failure. */
interface Kind {
  /** The status that the program ends with. */
  readonly status: number
  /** The errors of this kind, by their tags. */
  readonly tags: ReadonlyArray<string>
  /** When it ends so. */
  readonly meaning: string
}

/** Every way to end but for `exec`, which ends as its command does. */
export const kinds = [
  { status: 0, tags: [], meaning: "It worked." },
  { status: 1, tags: ["ProgramError"], meaning: "Something else went wrong; the message says what." },
  { status: 2, tags: ["UsageError"], meaning: "The command line is wrong. Nothing was done." },
  {
    status: 3,
    tags: ["StsValidationError"],
    meaning: "A field breaks a rule of the operation. Nothing was sent."
  },
  { status: 4, tags: ["StsConfigError"], meaning: "A setting is missing or wrong." },
  { status: 5, tags: ["StsCredentialError"], meaning: "There are no credentials, or their source failed." },
  { status: 6, tags: ["StsApiError"], meaning: "The service refused." },
  { status: 7, tags: ["StsTransportError"], meaning: "The service could not be reached, or not in time." },
  { status: 8, tags: ["StsResponseError"], meaning: "The reply was not one of the service's." },
  { status: 9, tags: ["StsSignatureError"], meaning: "The request could not be signed." }
] as const satisfies ReadonlyArray<Kind>

/** A failure of the program's own. */
export class ProgramError extends Data.TaggedError("ProgramError")<{
  readonly message: string
  /** Another status than that of its kind: what a shell would end with. */
  readonly status?: number
}> {}

/** A command line that asks for what there is not. */
export class UsageError extends Data.TaggedError("UsageError")<{ readonly message: string }> {}

/** A file that an option names and that cannot be read; its path may be a secret in the wrong place. */
export const unreadable = (option: string, error: unknown): ProgramError =>
  new ProgramError({
    message: `The file of --${option} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown reason"}).`
  })

/**
 * The same error, which names the options where it named fields of the library's.
 *
 * @param options what they are called, by the fields
 */
export const named =
  (options: Readonly<Record<string, string>>) =>
  <E>(error: E): E => {
    const optionOf = (field: string) => (Object.hasOwn(options, field) ? options[field] : undefined)
    if (error instanceof StsConfigError) {
      const { detail, file, hint, key } = error
      const option = file === undefined ? optionOf(key) : undefined
      return option === undefined ? error : (new StsConfigError({ key: option, detail, hint }) as E)
    }
    if (!(error instanceof StsValidationError)) return error
    const [first, ...others] = error.issues.map(({ field, rule }) => {
      const [, name = "", rest = ""] = /^([\w-]+)(.*)$/.exec(field) ?? []
      const option = optionOf(name)
      return { field: option === undefined ? field : `${option}${rest}`, rule }
    })
    return first === undefined
      ? error
      : (new StsValidationError({
          cloud: error.cloud,
          operation: error.operation,
          issues: [first, ...others]
        }) as E)
  }

/** What is told of a failure. */
export interface Failure {
  readonly error: string
  readonly status: number
  readonly message: string
  readonly [field: string]: unknown
}

/** The status of an error by its tag. */
export const statusOf = (tag: string): number =>
  kinds.find(({ tags }) => tags.some((one) => one === tag))?.status ?? 1

/** What programs may want to tell apart; no field of an error holds a secret. */
const told = [
  "cloud",
  "operation",
  "source",
  "reason",
  "code",
  "requestId",
  "issues",
  "key",
  "profile",
  "file",
  "line",
  "host",
  "hint",
  "retryable"
]

// What was typed may be a secret in the wrong place: only what looks like a word of ours is said again.
const isWord = (text: string): boolean => /^-{0,2}[a-z][a-z0-9-]{0,40}$/.test(text)

const word = (text: string): string => (isWord(text) ? text : "what was given")

const unexpected = (given: ReadonlyArray<string>): string => {
  const what = given.length === 1 ? "An argument is not expected" : "Some arguments are not expected"
  return given.every(isWord) ? `${what}: ${given.join(", ")}.` : `${what}.`
}

const suggestion = (names: ReadonlyArray<string>): string =>
  names.length === 0 ? "" : ` Did you mean ${names.join(" or ")}?`

const usageMessage = (error: CliError.NonShowHelpErrors): string => {
  switch (error._tag) {
    case "UnrecognizedOption":
      return `There is no option ${word(error.option)}.${suggestion(error.suggestions)}`
    case "UnknownSubcommand":
      return `There is no command ${word(error.subcommand)}.${suggestion(error.suggestions)}`
    case "MissingOption":
      return `--${error.option} is missing.`
    case "MissingArgument":
      return `The ${error.argument} is missing.`
    case "UnexpectedArgument":
      return unexpected(error.arguments)
    case "InvalidValue":
      if (error.expected === "at most 1 value") return `--${error.option} may come only once.`
      return error.value === ""
        ? `--${error.option} needs a value. Write one that begins with a dash as --${error.option}=VALUE.`
        : `The value of ${error.kind === "flag" ? "--" : ""}${error.option} is not valid. ${expected(error)}`
    case "ValidationError":
    case "UserError":
    case "DuplicateOption":
      return error.message
  }
}

// What is said of numbers quotes what was given.
const expected = ({ expected }: CliError.InvalidValue): string => {
  if (/finite number|integer/.test(expected)) return "Expected a whole number."
  const choices = expected
    .replace(/^Expected:? /, "")
    .split(" | ")
    .map((choice) => choice.replace(/^"(.*)"$/, "$1"))
  return `Expected ${[choices.slice(0, -1).join(", "), ...choices.slice(-1)].filter(Boolean).join(" or ")}.`
}

const usageFailure = ({ commandPath, errors }: CliError.ShowHelp): Failure => ({
  error: "UsageError",
  status: statusOf("UsageError"),
  message: [
    ...(errors.length === 0 ? ["A command is missing."] : errors.map(usageMessage)),
    `See ${commandPath.join(" ")} --help.`
  ].join("\n")
})

const failureOf = (error: unknown): Failure => {
  if (CliError.isCliError(error) && error._tag === "ShowHelp") return usageFailure(error)
  if (!Predicate.isObject(error) || !("_tag" in error) || !("message" in error)) return defect(error)
  const tag = String(error._tag)
  const stated = error instanceof ProgramError ? error.status : undefined
  const fields = Object.fromEntries(
    told.flatMap((name) => {
      const value = (error as Readonly<Record<string, unknown>>)[name]
      return value === undefined ? [] : [[name, value]]
    })
  )
  return { error: tag, status: stated ?? statusOf(tag), message: String(error.message), ...fields }
}

// Its message may be anything, a secret as well.
const defect = (error: unknown): Failure => ({
  error: "Defect",
  status: 1,
  message: `This is a bug in effect-sts (${error instanceof Error ? error.name : typeof error}). Please report what you ran, without secrets.`
})

/** What is told of a cause; nothing where it was an interruption. */
export const failureOfCause = (cause: Cause.Cause<unknown>): Failure | undefined => {
  if (Cause.hasInterruptsOnly(cause)) return undefined
  return Option.match(Cause.findErrorOption(cause), {
    onNone: () => defect(Cause.squash(cause)),
    onSome: failureOf
  })
}

/** A failure as it is printed. */
export const render = (failure: Failure, json: boolean): string =>
  json ? JSON.stringify(failure) : `effect-sts: ${printable(failure.message)}`

/** What somebody is warned of, as it is printed. */
export const renderWarning = (message: string, json: boolean): string =>
  json ? JSON.stringify({ warning: message }) : `effect-sts: warning: ${printable(message)}`

/** The signals that ask a program to end, and the status that says it did. */
export const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** Waits until the program is told to stop, which then is how it ends well. */
export const untilStopped: Effect.Effect<never> = Effect.onInterrupt(Effect.never, () =>
  Effect.sync(() => {
    process.exitCode = 0
  })
)
