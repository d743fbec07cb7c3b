/**
 * The options of an operation, made of its declaration. A field is an option by its name in kebab case; a list is the
 * option several times; a secret is read from a file or from standard input, since arguments are seen by every user of
 * the machine.
 */
import { readFileSync } from "node:fs"
import process from "node:process"
import { text } from "node:stream/consumers"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { AssumeRoleOperation } from "../aws.js"
import { ProgramError, UsageError } from "./failure.js"

/** The declared fields of an operation's request. */
export type Fields = (typeof AssumeRoleOperation)["input"]["members"]
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
export const optionOf = (fields: Fields, name: string): string => {
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
const valueOf = (shape: Shape, text: string): unknown => {
  if (shape.type === "integer") return /^-?\d{1,15}$/.test(text) ? Number(text) : text
  if (shape.type !== "structure") return text
  const names = Object.keys(shape.members)
  const one = only(names)
  if (one !== undefined) return { [one]: text }
  const [first = "", second = ""] = names
  const equals = text.indexOf("=")
  return equals < 0
    ? { [first]: text, [second]: "" }
    : { [first]: text.slice(0, equals), [second]: text.slice(equals + 1) }
}

/** A field's name where a sentence says it, as the option that it is. */
const told = (fields: Fields, text: string): string =>
  text.replace(/`(\w+)`/g, (whole, name) =>
    Object.hasOwn(fields, name) ? `--${optionOf(fields, name)}` : whole
  )

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
export const flagsOf = (fields: Fields, docs: Docs) =>
  Object.assign({}, ...Object.keys(fields).map((name) => flagsOfField(fields, name, docs))) as Readonly<
    Record<string, Flag.Flag<ReadonlyArray<string>>>
  >

/** Options as they were given. */
export type Given = Readonly<Record<string, ReadonlyArray<string>>>

/** Standard input to its end: a pipe that is still being written, or a terminal, cannot be read at once. */
const standardInput = (signal: AbortSignal): Promise<string> => {
  signal.addEventListener("abort", () => process.stdin.destroy())
  return text(process.stdin)
}

const read = (option: string, path: string): Effect.Effect<string, ProgramError> =>
  Effect.tryPromise({
    try: async (signal) => (path === "-" ? await standardInput(signal) : readFileSync(path, "utf8")),
    catch: (error) =>
      new ProgramError({
        message: `The file of --${option} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown reason"}).`
      })
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
    if (Option.isSome(path)) return yield* fromFile(shape, `${option}-file`, path.value)
    if (shape.type === "list")
      return values.length === 0 ? undefined : values.map((value) => valueOf(shape.member, value))
    return Option.getOrUndefined(Option.map(yield* once(option, values), (value) => valueOf(shape, value)))
  })

/** A request made of the options that were given. */
export const requestFrom = (fields: Fields, given: Given) =>
  Effect.map(
    Effect.forEach(Object.keys(fields), (name) =>
      Effect.map(fieldFrom(fields, name, given), (value) => [name, value] as const)
    ),
    (entries) => Object.fromEntries(entries.filter(([, value]) => value !== undefined))
  )
