// Schemas that read others have no getters.
import * as Either from "effect/Either"
import type * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"

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

export const orAbsent = <A, I>(
  schema: Schema.Schema<A, I>
): Schema.optional<Schema.UndefinedOr<Schema.Schema<A, I>>> =>
  Schema.optional(Schema.UndefinedOr(schema).annotations({ decodingFallback: () => Either.right(undefined) }))

export const UtcFromText = Schema.DateTimeUtc
