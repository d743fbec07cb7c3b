/**
 * Decoding by a closure that is made of a schema's tree once. It accepts what is right; about everything else the schema
 * is asked, so that rules and words are the schema's alone.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { namesOf, type ParseError } from "./Codec.js"

type Fields = Record<PropertyKey, unknown>

/** The value, or {@link refused}. */
type Accept = (input: unknown) => unknown

const refused: unique symbol = Symbol("refused")

// Of a node that is not known here nothing is accepted, not even that it is absent.
const unknown: Accept = () => refused

const usual: AST.ParseOptions = {}

const settled = (parsed: Effect.Effect<unknown, unknown, unknown>): unknown =>
  Exit.isExit(parsed) && Exit.isSuccess(parsed) ? parsed.value : refused

const inTurn = (steps: ReadonlyArray<Accept>): Accept => {
  const [first = unknown, ...others] = steps
  if (steps.includes(unknown)) return unknown
  if (others.length === 0) return first
  return (input) => {
    let value = first(input)
    for (let index = 0; index < others.length && value !== refused; index++) value = others[index]?.(value)
    return value
  }
}

const where =
  (is: (input: unknown) => boolean): Accept =>
  (input) =>
    is(input) ? input : refused

const isEmpty = ({ indexSignatures, propertySignatures }: AST.Objects): boolean =>
  indexSignatures.length === 0 && propertySignatures.length === 0

const struct = (
  { indexSignatures, propertySignatures }: AST.Objects,
  names: Readonly<Record<PropertyKey, string>>,
  prototype: object
): Accept => {
  const members = propertySignatures.map(({ name, type }) => ({
    name,
    from: names[name] ?? name,
    mayBeAbsent: AST.isOptional(type),
    accept: compile(type)
  }))
  if (indexSignatures.length > 0 || members.some(({ accept }) => accept === unknown)) return unknown
  return (input) => {
    if (typeof input !== "object" || input === null || Array.isArray(input)) return refused
    const fields: Fields = Object.create(prototype)
    for (let index = 0; index < members.length; index++) {
      const { accept, from, mayBeAbsent, name } = members[index] as (typeof members)[number]
      if (from in input) {
        const value = accept((input as Fields)[from])
        if (value === refused) return refused
        fields[name] = value
      } else if (!mayBeAbsent) return refused
    }
    return fields
  }
}

/**
 * A class is declared by its struct and made of it. Where its constructor does no more than to take over the fields,
 * they are read right into an instance.
 */
const instance = (ast: AST.AST): ReadonlyArray<Accept> | undefined => {
  if (!AST.isDeclaration(ast) || ast.encoding === undefined) return undefined
  const [made, ...others] = ast.encoding
  const { to: fields } = made
  if (fields !== ast.typeParameters[0] || !AST.isObjects(fields) || isEmpty(fields)) return undefined
  const probe = transformed(made)({ probe: "\0" }) as Fields
  if (Object.keys(probe).join() !== "probe" || probe["probe"] !== "\0") return undefined
  const names = namesOf(ast)
  return [
    // The link of the other names has nothing left to do.
    ...(names === undefined ? linked(others) : []),
    struct(fields, names ?? {}, Object.getPrototypeOf(probe)),
    ...checksOf(fields)
  ]
}

const union = ({ options, types }: AST.Union): Accept => {
  const members = types.map(compile)
  if (options?.mode === "oneOf" || members.includes(unknown)) return unknown
  return (input) => {
    for (let index = 0; index < members.length; index++) {
      const value = members[index]?.(input)
      if (value !== refused) return value
    }
    return refused
  }
}

const list = ({ elements, rest }: AST.Arrays): Accept => {
  const [member = unknown, ...others] = rest.map(compile)
  if (elements.length > 0 || others.length > 0 || member === unknown) return unknown
  return (input) => {
    if (!Array.isArray(input)) return refused
    const values = input.map(member)
    return values.includes(refused) ? refused : values
  }
}

const redacted =
  (inside: Accept): Accept =>
  (input) => {
    if (!Redacted.isRedacted(input)) return refused
    const value = inside(Redacted.value(input))
    return value === refused ? refused : Redacted.make(value, input)
  }

const isRedacted = ({ annotations }: AST.Declaration): boolean => {
  const representation: unknown = annotations?.["representation"]
  return Predicate.hasProperty(representation, "id") && representation.id === "effect/schema/Redacted"
}

const declaration = (ast: AST.Declaration): Accept => {
  const [parameter] = ast.typeParameters
  if (parameter !== undefined && isRedacted(ast)) return redacted(compile(parameter))
  const run = ast.run(ast.typeParameters)
  return (input) => settled(run(input, ast, usual))
}

const node = (ast: AST.AST): Accept => {
  switch (ast._tag) {
    case "String":
      return where((input) => typeof input === "string")
    case "Number":
      return where((input) => typeof input === "number")
    case "Boolean":
      return where((input) => typeof input === "boolean")
    case "Undefined":
      return where((input) => input === undefined)
    case "Literal":
      return where((input) => input === ast.literal)
    case "Declaration":
      return declaration(ast)
    case "Objects":
      // What has no fields takes whatever is not nothing, as it is.
      return isEmpty(ast) ? (input) => input ?? refused : struct(ast, {}, Object.prototype)
    case "Union":
      return union(ast)
    case "Arrays":
      return list(ast)
    default:
      return unknown
  }
}

const checkOf =
  (ast: AST.AST) =>
  (check: AST.Check<unknown>): Accept =>
    check._tag === "Filter"
      ? where((value) => check.run(value, ast, usual) === undefined)
      : inTurn(check.checks.map(checkOf(ast)))

const checksOf = (ast: AST.AST): ReadonlyArray<Accept> => (ast.checks ?? []).map(checkOf(ast))

const transformed = ({ transformation }: AST.Link): Accept => {
  if (transformation._tag === "Middleware") return unknown
  const getter = transformation.decode
  switch (getter._tag) {
    case "Passthrough":
      return (value) => value
    case "Transform":
      return getter.transform
    case "TransformEffect":
      return (value) => settled(getter.transform(value, usual))
    default:
      return unknown
  }
}

// The link that stands last is the farthest from the value.
const linked = (links: ReadonlyArray<AST.Link>): ReadonlyArray<Accept> =>
  links.toReversed().flatMap((link) => [compile(link.to), transformed(link)])

const compile = (ast: AST.AST): Accept =>
  inTurn([...(instance(ast) ?? [...linked(ast.encoding ?? []), node(ast)]), ...checksOf(ast)])

/**
 * Decodes as the schema does.
 *
 * @category decoding
 * @since 0.1.0
 */
export const decoder = <A, I>(
  schema: Schema.Codec<A, I>,
  options?: AST.ParseOptions
): ((input: unknown) => Result.Result<A, ParseError>) => {
  let accept: Accept | undefined
  const ask = Schema.decodeUnknownResult(schema, options)
  return (input) => {
    accept ??= compile(schema.ast)
    try {
      const value = accept(input)
      return value === refused ? ask(input) : Result.succeed(value as A)
    } catch {
      // What a field of the input throws when it is read.
      return ask(input)
    }
  }
}
