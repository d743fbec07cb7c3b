/** Commands that are operations of STS: their options are the operation's fields. */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { StsValidationError } from "../index.js"
import { type Fields, flagsOf, type Given, optionOf, requestFrom } from "./fields.js"
import * as Formats from "./formats.js"
import { show } from "./output.js"
import * as Session from "./session.js"

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

/** Where a rule is broken, by the option that was given. */
const byOptions =
  (fields: Fields) =>
  <E>(error: E): E | StsValidationError => {
    if (!(Predicate.isTagged(error, "StsValidationError") && error instanceof StsValidationError))
      return error
    const [first, ...others] = error.issues.map(({ field, rule }) => {
      const [, name = "", rest = ""] = /^(\w+)(.*)$/.exec(field) ?? []
      return { field: Object.hasOwn(fields, name) ? `--${optionOf(fields, name)}${rest}` : field, rule }
    })
    return first === undefined
      ? error
      : new StsValidationError({ cloud: error.cloud, operation: error.operation, issues: [first, ...others] })
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
      Effect.mapError(run(request as never, given as never), byOptions(members))
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
  /** Writes credentials into a profile of the vendor's own file, and tells which file that is. */
  readonly write: (
    credentials: Credentials,
    options: { readonly profile: string; readonly region: string | undefined }
  ) => Effect.Effect<string, WriteError, WriteServices>
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

  const give = (answer: Answer, options: Formats.Chosen & Pick<Session.Session, "region">) =>
    Formats.give(names, issuedOf(answer.credentials), answer, options, (profile) =>
      write(answer.credentials, { profile, region: Option.getOrUndefined(options.region) })
    )

  /** A signed operation that gives credentials. */
  const giving = <Name extends string, Input, E, R>(
    name: Name,
    operation: Declared,
    call: (request: Input) => Effect.Effect<Answer, E, R>
  ) =>
    make(name, operation, docs, { ...Session.flags, ...Formats.flags }, (request: Input, options) =>
      Effect.flatMap(call(request), (answer) => give(answer, options)).pipe(session.withSession(options))
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
        Effect.flatMap(call(request), (answer) => give(answer, options)).pipe(
          session.withSession({ ...options, profile: Option.none() })
        )
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
