// Schemas that read others have no getters.
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

export type ParseError = ParseResult.ParseError

export const mapped = <A, I, B>(
  from: Schema.Schema<A, I>,
  to: Schema.Schema<B>,
  decode: (value: A) => B,
  encode: (value: B) => A
): Schema.Schema<B, I> => Schema.transform(from, to, { strict: true, decode, encode })

export type Fielded<A> = Schema.Schema<A, any> & { readonly fields: Schema.Struct.Fields }

export const closed = <Fields extends Schema.Struct.Fields>(
  fields: Fields,
  description: string
): Schema.Schema<Schema.Struct.Type<Fields>, Schema.Struct.Encoded<Fields>> =>
  Schema.Struct(fields).annotations({ description, parseOptions: { onExcessProperty: "error" } }) as never

export const renamed = <A, S extends Fielded<A>>(
  schema: S & Fielded<A>,
  names: { readonly [Field in keyof S["fields"]]?: string }
): Schema.Schema<A, any> => {
  const fields = Object.entries(schema.fields).map(([field, of]) => {
    const signature = Schema.isPropertySignature(of) ? of : Schema.propertySignature(of as never)
    const name = names[field]
    return [field, name === undefined ? signature : Schema.fromKey(signature as never, name)]
  })
  const struct: Schema.Schema<any> = Schema.Struct(Object.fromEntries(fields)) as never
  if (!("identifier" in schema)) return struct
  const Made = schema as unknown as new (fields: object, trusted: true) => A
  return mapped(
    struct,
    Schema.typeSchema(schema),
    (values) => new Made(values, true),
    (value) => ({ ...value })
  )
}

const required = new AST.Type(Schema.String.ast)

export const mappedUnlessMissing = <A, I, B, J>(
  from: Schema.Schema<A, I>,
  to: Schema.Schema<B, J>,
  decode: (value: A) => Either.Either<J, string>,
  encode: (value: J) => A
): Schema.Schema<B, I> =>
  Schema.transformOrFail(from, to, {
    strict: true,
    decode: (value) =>
      Either.match(decode(value), {
        onLeft: (key) =>
          ParseResult.fail(new ParseResult.Pointer(key, undefined, new ParseResult.Missing(required))),
        onRight: ParseResult.succeed
      }),
    encode: (value) => ParseResult.succeed(encode(value))
  })

export const orAbsent = <A, I>(
  schema: Schema.Schema<A, I>
): Schema.optional<Schema.UndefinedOr<Schema.Schema<A, I>>> =>
  Schema.optional(Schema.UndefinedOr(schema).annotations({ decodingFallback: () => Either.right(undefined) }))

export const UtcFromText = Schema.DateTimeUtc
