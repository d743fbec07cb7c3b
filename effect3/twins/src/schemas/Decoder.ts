// The tree of a schema has other nodes.
import type * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { type Accept, anyOf, inTurn, listOf, objectOf, orAsk, prototypeOf, refused, where } from "./Accept.js"
import type { ParseError } from "./Codec.js"

const usual: AST.ParseOptions = {}

const settled = (parsed: Effect.Effect<unknown, unknown, unknown>): unknown =>
  Either.isEither(parsed) && Either.isRight(parsed) ? parsed.right : refused

/** A part that is not known here is asked as the whole would be. */
const asked = (ast: AST.AST): Accept => {
  const parse = ParseResult.decodeUnknownEither(Schema.make<unknown>(ast))
  return (input) => settled(parse(input))
}

const struct = (
  ast: AST.TypeLiteral,
  prototype: object,
  names: ReadonlyMap<PropertyKey, PropertyKey> = new Map()
): Accept => {
  const fields = ast.propertySignatures.map(({ isOptional, name, type }) => ({
    name: names.get(name) ?? name,
    from: name,
    mayBeAbsent: isOptional,
    accept: compile(type)
  }))
  return fields.length === 0 || ast.indexSignatures.length > 0 ? asked(ast) : objectOf(fields, prototype)
}

/** Whether a part makes nothing but fields, by other names too, and checks them. */
const makesFields = (ast: AST.AST): boolean => {
  if (AST.isRefinement(ast)) return makesFields(ast.from)
  if (!AST.isTransformation(ast)) return AST.isTypeLiteral(ast) && ast.propertySignatures.length > 0
  return AST.isTypeLiteralTransformation(ast.transformation) && AST.isTypeLiteral(ast.from)
}

/** Where a class's constructor takes the fields over, they are read right into an instance. */
const instance = ({ from, to }: AST.Transformation, make: Accept): Accept | undefined => {
  const isClass = AST.isDeclaration(to) && AST.SurrogateAnnotationId in to.annotations
  const prototype = isClass && makesFields(from) ? prototypeOf(make) : undefined
  return prototype === undefined ? undefined : compile(from, prototype)
}

const transformed = (ast: AST.Transformation, prototype: object): Accept => {
  const { from, to, transformation } = ast
  if (AST.isTypeLiteralTransformation(transformation)) {
    const names = transformation.propertySignatureTransformations.map((one) => [one.from, one.to] as const)
    return AST.isTypeLiteral(from) ? struct(from, prototype, new Map(names)) : asked(ast)
  }
  const make: Accept = AST.isFinalTransformation(transformation)
    ? (value) => settled(transformation.decode(value, usual, ast, value))
    : (value) => value
  return instance(ast, make) ?? inTurn([compile(from), make, compile(to)])
}

const list = (ast: AST.TupleType): Accept => {
  const [member, ...others] = ast.rest
  return ast.elements.length > 0 || member === undefined || others.length > 0
    ? asked(ast)
    : listOf(compile(member.type))
}

const compile = (ast: AST.AST, prototype: object = Object.prototype): Accept => {
  const { annotations } = ast
  if (AST.ParseOptionsAnnotationId in annotations || AST.DecodingFallbackAnnotationId in annotations) {
    return asked(ast)
  }
  switch (ast._tag) {
    case "StringKeyword":
      return where(Predicate.isString)
    case "NumberKeyword":
      return where(Predicate.isNumber)
    case "BooleanKeyword":
      return where(Predicate.isBoolean)
    case "UndefinedKeyword":
      return where(Predicate.isUndefined)
    case "Literal":
      return where((input) => input === ast.literal)
    case "Declaration": {
      const decode = ast.decodeUnknown(...ast.typeParameters)
      return (input) => settled(decode(input, usual, ast))
    }
    case "Refinement":
      return inTurn([
        compile(ast.from, prototype),
        where((value) => Option.isNone(ast.filter(value, usual, ast)))
      ])
    case "Transformation":
      return transformed(ast, prototype)
    case "TypeLiteral":
      return struct(ast, prototype)
    case "Union":
      return anyOf(ast.types.map((type) => compile(type)))
    case "TupleType":
      return list(ast)
    default:
      return asked(ast)
  }
}

export const accepting = ({ ast }: { readonly ast: AST.AST }): Accept => compile(ast)

export const decoder = <A, I>(
  schema: Schema.Schema<A, I>,
  options?: AST.ParseOptions
): ((input: unknown) => Either.Either<A, ParseError>) =>
  orAsk(() => accepting(schema), Schema.decodeUnknownEither(schema, options))
