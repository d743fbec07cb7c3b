/**
 * From one form of a value to another, for every schema here.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

/**
 * What decoding fails with.
 *
 * @category errors
 * @since 0.1.0
 */
export type ParseError = ParseResult.ParseError

/**
 * A schema of values that another one reads: both ways always work.
 *
 * @category constructors
 * @since 0.1.0
 */
export const mapped = <A, I, B>(
  from: Schema.Schema<A, I>,
  to: Schema.Schema<B>,
  decode: (value: A) => B,
  encode: (value: B) => A
): Schema.Schema<B, I> => Schema.transform(from, to, { strict: true, decode, encode })

/**
 * What has fields: a class or a struct.
 *
 * @category models
 * @since 0.1.0
 */
export type Fielded<A> = Schema.Schema<A, any> & { readonly fields: Schema.Struct.Fields }

/**
 * The same values, read from and written as objects whose keys have other names.
 *
 * @category constructors
 * @since 0.1.0
 */
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

/**
 * The same where a key may turn out to be missing, which is named.
 *
 * @category constructors
 * @since 0.1.0
 */
export const mappedUnlessMissing = <A, I, B>(
  from: Schema.Schema<A, I>,
  to: Schema.Schema<B>,
  decode: (value: A) => Either.Either<B, string>,
  encode: (value: B) => A
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

/**
 * A part that stays away, alone, where it is not as expected.
 *
 * @category constructors
 * @since 0.1.0
 */
export const orAbsent = <A, I>(
  schema: Schema.Schema<A, I>
): Schema.optional<Schema.UndefinedOr<Schema.Schema<A, I>>> =>
  Schema.optional(Schema.UndefinedOr(schema).annotations({ decodingFallback: () => Either.right(undefined) }))

/**
 * A time that is kept as its ISO text.
 *
 * @category schemas
 * @since 0.1.0
 */
export const UtcFromText = Schema.DateTimeUtc
