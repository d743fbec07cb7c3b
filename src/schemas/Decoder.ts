/**
 * Decoding by a closure that is made of a schema's tree once. It accepts what is right; about everything else the schema
 * is asked, so that rules and words are the schema's alone.
 */
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import {
  type Accept,
  anyOf,
  inTurn,
  listOf,
  objectOf,
  orAsk,
  prototypeOf,
  refused,
  unknown,
  where
} from "./Accept.js"
import { namesOf, type ParseError } from "./Codec.js"

const usual: AST.ParseOptions = {}

const settled = (parsed: Effect.Effect<unknown, unknown, unknown>): unknown =>
  Exit.isExit(parsed) && Exit.isSuccess(parsed) ? parsed.value : refused

const isEmpty = ({ indexSignatures, propertySignatures }: AST.Objects): boolean =>
  indexSignatures.length === 0 && propertySignatures.length === 0

const struct = (
  { indexSignatures, propertySignatures }: AST.Objects,
  names: Readonly<Record<PropertyKey, string>> = {},
  prototype: object = Object.prototype
): Accept => {
  if (indexSignatures.length > 0) return unknown
  const fields = propertySignatures.map(({ name, type }) => ({
    name,
    from: names[name] ?? name,
    mayBeAbsent: AST.isOptional(type),
    accept: compile(type)
  }))
  return objectOf(fields, prototype)
}

/** A class is declared by a struct and made of it. Where it takes the fields over, they are read right into an instance. */
const instance = (ast: AST.AST): ReadonlyArray<Accept> | undefined => {
  if (!AST.isDeclaration(ast) || ast.encoding === undefined) return undefined
  const [made, ...others] = ast.encoding
  const { to: fields } = made
  if (fields !== ast.typeParameters[0] || !AST.isObjects(fields) || isEmpty(fields)) return undefined
  const prototype = prototypeOf(transformed(made))
  if (prototype === undefined) return undefined
  const names = namesOf(ast)
  // The link of the other names has nothing left to do.
  return [
    ...(names === undefined ? linked(others) : []),
    struct(fields, names, prototype),
    ...checksOf(fields)
  ]
}

interface Represented {
  readonly id?: unknown
}

const isRedacted = ({ annotations }: AST.Declaration): boolean =>
  (annotations?.["representation"] as Represented | undefined)?.id === "effect/schema/Redacted"

/** A secret is copied, so that it outlives the one that was given; what a link made was given by nobody. */
const redacted =
  (inside: Accept, isGiven: boolean): Accept =>
  (input) => {
    if (!Redacted.isRedacted(input)) return refused
    const given = Redacted.value(input)
    const value = inside(given)
    if (value === refused) return refused
    return isGiven || value !== given ? Redacted.make(value, input) : input
  }

const declaration = (ast: AST.Declaration): Accept => {
  const [parameter] = ast.typeParameters
  if (parameter !== undefined && isRedacted(ast))
    return redacted(compile(parameter), ast.encoding === undefined)
  const run = ast.run(ast.typeParameters)
  return (input) => settled(run(input, ast, usual))
}

const list = ({ elements, rest: [member, ...others] }: AST.Arrays): Accept =>
  elements.length > 0 || member === undefined || others.length > 0 ? unknown : listOf(compile(member))

const node = (ast: AST.AST): Accept => {
  switch (ast._tag) {
    case "String":
      return where(Predicate.isString)
    case "Number":
      return where(Predicate.isNumber)
    case "Boolean":
      return where(Predicate.isBoolean)
    case "Undefined":
      return where(Predicate.isUndefined)
    case "Literal":
      return where((input) => input === ast.literal)
    case "Declaration":
      return declaration(ast)
    case "Objects":
      return isEmpty(ast) ? where(Predicate.isNotNullish) : struct(ast)
    case "Union":
      return ast.options?.mode === "oneOf" ? unknown : anyOf(ast.types.map(compile))
    case "Arrays":
      return list(ast)
    default:
      return unknown
  }
}

const checksOf = (ast: AST.AST): ReadonlyArray<Accept> =>
  ast.checks?.map((check) =>
    check._tag === "Filter" ? where((value) => check.run(value, ast, usual) === undefined) : unknown
  ) ?? []

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

/** What a schema accepts without being asked. */
export const accepting = ({ ast }: { readonly ast: AST.AST }): Accept => compile(ast)

/** Decodes as the schema does. */
export const decoder = <A, I>(
  schema: Schema.Codec<A, I>,
  options?: AST.ParseOptions
): ((input: unknown) => Result.Result<A, ParseError>) =>
  orAsk(() => accepting(schema), Schema.decodeUnknownResult(schema, options))
