/** A command that is an operation of STS: its options are the operation's fields. */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { StsValidationError } from "../index.js"
import { type Fields, flagsOf, type Given, optionOf, requestFrom } from "./fields.js"

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
export const make = <Name extends string, Options extends Command.Command.FlagConfig, E, R>(
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
