/**
 * Decoding by a closure that is made of a schema's tree once. It accepts what is right, and refuses the rest without
 * saying why; about that the schema is asked, so that rules and words are the schema's alone.
 */

import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { namesOf, type ParseError } from "./Codec.js"

/** The decoded value, or {@link refused}. */
type Accept = (input: unknown) => unknown

/** What is given for an input that is not accepted. */
export const refused: unique symbol = Symbol("refused")

/**
 * What accepts nothing, not even that there is nothing: it stands for a part of a schema that is not known.
 */
const unknown: Accept = () => refused

/** Accepts as it is what keeps a rule. */
const where =
  (keepsRule: (input: unknown) => boolean): Accept =>
  (input) =>
    keepsRule(input) ? input : refused

/** Accepts what each accepts of the one before. */
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

/** Accepts what the first accepts that accepts anything. */
const anyOf = (members: ReadonlyArray<Accept>): Accept => {
  if (members.includes(unknown)) return unknown
  return (input) => {
    for (let index = 0; index < members.length; index++) {
      const value = members[index]?.(input)
      if (value !== refused) return value
    }
    return refused
  }
}

/** Accepts an array of which every member is accepted. */
const listOf = (member: Accept): Accept => {
  if (member === unknown) return unknown
  return (input) => {
    if (!Array.isArray(input)) return refused
    const values: Array<unknown> = []
    for (let index = 0; index < input.length; index++) {
      const value = member(input[index])
      if (value === refused) return refused
      values.push(value)
    }
    return values
  }
}

type Fields = Record<PropertyKey, unknown>

/** One field of an object. */
interface Field {
  readonly name: PropertyKey
  /** What it is called in the input. */
  readonly from: PropertyKey
  readonly mayBeAbsent: boolean
  readonly accept: Accept
}

/**
 * Accepts an object by its own fields, and makes one of the prototype with them. Others are passed over; what is
 * inherited is not decided on here.
 */
const objectOf = (fields: ReadonlyArray<Field>, prototype: object): Accept => {
  if (fields.some(({ accept }) => accept === unknown)) return unknown
  return (input) => {
    if (typeof input !== "object" || input === null || Array.isArray(input)) return refused
    const made: Fields = Object.create(prototype)
    for (let index = 0; index < fields.length; index++) {
      const { accept, from, mayBeAbsent, name } = fields[index] as Field
      if (Object.hasOwn(input, from)) {
        const value = accept((input as Fields)[from])
        if (value === refused) return refused
        made[name] = value
      } else if (!mayBeAbsent || from in input) return refused
    }
    return made
  }
}

/**
 * The prototype of the instances that are made of fields; none where more is made of them than to take them over.
 */
const prototypeOf = (make: Accept): object | undefined => {
  // A text that is kept as it is by nobody who cares for texts.
  const text = "\0"
  const made = make({ text }) as { readonly text?: unknown }
  return Object.keys(made).join() === "text" && made.text === text ? Object.getPrototypeOf(made) : undefined
}

/** Decodes what is accepted, and asks a slower way about everything else. */
const orAsk = <A, E>(
  accepting: () => Accept,
  ask: (input: unknown) => Result.Result<A, E>
): ((input: unknown) => Result.Result<A, E>) => {
  let accept: Accept | undefined
  return (input) => {
    accept ??= accepting()
    let value: unknown = refused
    try {
      value = accept(input)
    } catch {
      // What a field of the input throws when it is read: the slower way meets it too.
    }
    return value === refused ? ask(input) : Result.succeed(value as A)
  }
}

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
