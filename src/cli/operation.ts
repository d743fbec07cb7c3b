/**
 * Commands that are operations of STS: their options are the operation's fields. A field is an option by its name in kebab
 * case; a list is the option several times; a secret is read from a file or from standard input, since arguments are seen by
 * every user of the machine.
 */
import { readFileSync } from "node:fs"
import process from "node:process"
import { text } from "node:stream/consumers"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { AssumeRoleOperation } from "../aws.js"
import { named, type ProgramError, UsageError, unreadable } from "./endings.js"
import * as Formats from "./formats.js"
import { show } from "./output.js"
import * as Session from "./session.js"

/** The declared fields of an operation's request. */
type Fields = (typeof AssumeRoleOperation)["input"]["members"]
type Shape = Fields[string]["shape"]

/** What fields are said to be, by their names. */
type Docs = Readonly<Record<string, string>>

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** What cannot well be written on a command line. */
const documents = ["policy", "encodedMessage"]

const isSecret = (shape: Shape): boolean => {
  if (shape.type === "list") return isSecret(shape.member)
  if (shape.type === "structure") return Object.values(shape.members).some((member) => isSecret(member.shape))
  return "sensitive" in shape && shape.sensitive === true
}

/** The option of a field. */
const optionOf = (fields: Fields, name: string): string => {
  const field = fields[name]
  return field !== undefined && isSecret(field.shape) ? `${kebab(name)}-file` : kebab(name)
}

const only = <A>(values: ReadonlyArray<A>): A | undefined => (values.length === 1 ? values[0] : undefined)

const metavar = (shape: Shape): string => {
  switch (shape.type) {
    case "list":
      return metavar(shape.member)
    case "structure": {
      const names = Object.keys(shape.members)
      return names.map((name) => name.toUpperCase()).join("=")
    }
    case "integer":
      return "SECONDS"
    default:
      return "values" in shape && shape.values !== undefined ? shape.values.join("|") : "TEXT"
  }
}

/** What an option's text means: a tag as `KEY=VALUE`, a part with one field as that field. */
const valueOf = (option: string, shape: Shape, text: string): Effect.Effect<unknown, UsageError> => {
  if (shape.type === "integer") return Effect.succeed(/^-?\d{1,15}$/.test(text) ? Number(text) : text)
  if (shape.type !== "structure") return Effect.succeed(text)
  const names = Object.keys(shape.members)
  const one = only(names)
  if (one !== undefined) return Effect.succeed({ [one]: text })
  const [first = "", second = ""] = names
  const equals = text.indexOf("=")
  return equals < 0
    ? Effect.fail(new UsageError({ message: `The value of --${option} must be ${metavar(shape)}.` }))
    : Effect.succeed({ [first]: text.slice(0, equals), [second]: text.slice(equals + 1) })
}

/** The options of all fields, as they are written. */
const written = (fields: Fields): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, `--${optionOf(fields, name)}`]))

/** A field's name where a sentence says it, as the option that it is. */
const told = (fields: Fields, text: string): string => {
  const options = written(fields)
  return text.replace(/`(\w+)`/g, (whole, name) => options[name] ?? whole)
}

const file = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription(`${description} Read from a file, or from standard input with -.`),
    Flag.atLeast(0)
  )

const flagsOfField = (fields: Fields, name: string, docs: Docs) => {
  const shape = fields[name]?.shape ?? { type: "string" }
  const description = told(fields, docs[name] ?? "")
  const option = optionOf(fields, name)
  if (isSecret(shape))
    return { [option]: file(option, `${description}${shape.type === "list" ? " As JSON." : ""}`) }
  const flag = Flag.String(option).pipe(
    Flag.withMetavar(metavar(shape)),
    Flag.withDescription(`${description}${shape.type === "list" ? " May be repeated." : ""}`),
    Flag.atLeast(0)
  )
  return documents.includes(name)
    ? { [option]: flag, [`${option}-file`]: file(`${option}-file`, `The same as --${option}.`) }
    : { [option]: flag }
}

/** The options of all fields. */
const flagsOf = (fields: Fields, docs: Docs) =>
  Object.assign({}, ...Object.keys(fields).map((name) => flagsOfField(fields, name, docs))) as Readonly<
    Record<string, Flag.Flag<ReadonlyArray<string>>>
  >

/** Options as they were given. */
type Given = Readonly<Record<string, ReadonlyArray<string>>>

/** Standard input to its end: a pipe that is still being written, or a terminal, cannot be read at once. */
const standardInput = (signal: AbortSignal): Promise<string> => {
  signal.addEventListener("abort", () => process.stdin.destroy())
  return text(process.stdin)
}

const read = (option: string, path: string): Effect.Effect<string, ProgramError> =>
  Effect.tryPromise({
    try: async (signal) => (path === "-" ? await standardInput(signal) : readFileSync(path, "utf8")),
    catch: (error) => unreadable(option, error)
  }).pipe(Effect.map((content) => content.replace(/\r?\n$/, "")))

const once = (option: string, values: ReadonlyArray<string>) =>
  values.length > 1
    ? Effect.fail(new UsageError({ message: `--${option} may come only once.` }))
    : Effect.succeed(Option.fromUndefinedOr(values[0]))

const json = (option: string, text: string): Effect.Effect<unknown, UsageError> =>
  Effect.try({
    try: () => JSON.parse(text),
    catch: () => new UsageError({ message: `The file of --${option} is not JSON.` })
  })

const fromFile = (shape: Shape, option: string, path: string) =>
  Effect.flatMap(
    read(option, path),
    (text): Effect.Effect<unknown, UsageError> =>
      shape.type === "list"
        ? json(option, text)
        : Effect.succeed(isSecret(shape) ? Redacted.make(text) : text)
  )

const fieldFrom = (fields: Fields, name: string, given: Given) =>
  Effect.gen(function* () {
    const shape = fields[name]?.shape ?? { type: "string" }
    const option = optionOf(fields, name)
    const values = given[option] ?? []
    if (isSecret(shape)) {
      const path = yield* once(option, values)
      return Option.isNone(path) ? undefined : yield* fromFile(shape, option, path.value)
    }
    const path = yield* once(`${option}-file`, given[`${option}-file`] ?? [])
    if (Option.isSome(path)) {
      if (values.length > 0)
        return yield* new UsageError({
          message: `--${option} and --${option}-file say the same: leave one out.`
        })
      return yield* fromFile(shape, `${option}-file`, path.value)
    }
    if (shape.type === "list")
      return values.length === 0
        ? undefined
        : yield* Effect.forEach(values, (value) => valueOf(option, shape.member, value))
    const value = yield* once(option, values)
    return Option.isNone(value) ? undefined : yield* valueOf(option, shape, value.value)
  })

/** A request made of the options that were given. */
const requestFrom = (fields: Fields, given: Given) =>
  Effect.gen(function* () {
    const piped = Object.keys(given).filter((name) => name.endsWith("-file") && given[name]?.includes("-"))
    if (piped.length > 1)
      return yield* new UsageError({
        message: `Standard input is read once: give - to one of ${piped.map((name) => `--${name}`).join(" and ")}.`
      })
    const entries = yield* Effect.forEach(Object.keys(fields), (name) =>
      Effect.map(fieldFrom(fields, name, given), (value) => [name, value] as const)
    )
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
  })

/** What of an operation's declaration a command is made of. */
interface Declared {
  readonly name: string
  readonly input: { readonly members: Fields }
}

/** What help tells of an operation. */
interface Documented {
  readonly summary: string
  readonly fields: Readonly<Record<string, string>>
}

/**
 * The command of an operation.
 *
 * @param flags what else can be said
 * @param run makes the call, and tells its answer
 */
const make = <Name extends string, Options extends Command.Command.FlagConfig, E, R>(
  name: Name,
  { input: { members }, name: operation }: Declared,
  docs: Readonly<Record<string, Documented>>,
  flags: Options,
  run: (request: never, options: Command.Command.Config.Infer<Options>) => Effect.Effect<void, E, R>
) => {
  const { fields, summary } = docs[operation] ?? { fields: {}, summary: "" }
  return Command.make(name, { fields: flagsOf(members, fields), ...flags }, (given) =>
    Effect.flatMap(requestFrom(members, (given as unknown as { readonly fields: Given }).fields), (request) =>
      Effect.mapError(run(request as never, given as never), named(written(members)))
    )
  ).pipe(Command.withDescription(`${summary} This is ${operation}.`))
}

/** An answer that gives credentials. */
export interface Answered<Credentials> {
  readonly credentials: Credentials
}

/** What differs from cloud to cloud. */
interface Parts<Credentials, Services, E, WriteError, WriteServices> {
  readonly docs: Readonly<Record<string, Documented>>
  readonly session: Session.Calls<Services, E>
  readonly names: Formats.Names
  readonly issuedOf: (credentials: Credentials) => Formats.Issued
  /** Into a profile of the vendor's own file. */
  readonly write: (
    credentials: Credentials,
    options: { readonly profile: string; readonly region: string | undefined }
  ) => ReturnType<Formats.Write<WriteError, WriteServices>>
}

/** The kinds of commands that a cloud's operations are. */
export const operationsOf = <Credentials, Services, SE, WE, WR>({
  docs,
  issuedOf,
  names,
  session,
  write
}: Parts<Credentials, Services, SE, WE, WR>) => {
  type Answer = Answered<Credentials>

  /** Makes a call and gives what it gave. */
  const give = <E, R>(
    call: Effect.Effect<Answer, E, R>,
    options: Formats.Chosen & Pick<Session.Session, "region">
  ) =>
    Effect.gen(function* () {
      yield* Formats.check(options)
      const answer = yield* call
      yield* Formats.give(names, issuedOf(answer.credentials), answer, options, (profile) =>
        write(answer.credentials, { profile, region: Option.getOrUndefined(options.region) })
      )
    })

  /** A signed operation that gives credentials. */
  const giving = <Name extends string, Input, E, R>(
    name: Name,
    operation: Declared,
    call: (request: Input) => Effect.Effect<Answer, E, R>
  ) =>
    make(name, operation, docs, { ...Session.flags, ...Formats.flags }, (request: Input, options) =>
      session.withSession(options)(give(call(request), options))
    )

  /** An operation that gives credentials for somebody else's word. */
  const vouched = <Name extends string, Input, E, R>(
    name: Name,
    operation: Declared,
    call: (request: Input) => Effect.Effect<Answer, E, R>
  ) =>
    make(
      name,
      operation,
      docs,
      { region: Session.flags.region, ...Formats.flags },
      (request: Input, options) =>
        session.withSession({ ...options, profile: Option.none() })(give(call(request), options))
    )

  /** A signed operation that tells something. */
  const telling = <Name extends string, Input, A extends object, E, R>(
    name: Name,
    operation: Declared,
    call: (request: Input) => Effect.Effect<A, E, R>
  ) =>
    make(
      name,
      operation,
      docs,
      { ...Session.flags, showSecrets: Formats.flags.showSecrets },
      (request: Input, options) =>
        Effect.flatMap(call(request), (answer) => show(answer, options.showSecrets)).pipe(
          session.withSession(options)
        )
    )

  return { giving, vouched, telling }
}
