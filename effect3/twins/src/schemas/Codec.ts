// Schemas that read others have no getters, and the trees of schemas have other parts: the schema is asked about everything.
// A parser's message prints the value that it refuses, unless another is given.
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as ParseResult from "effect/ParseResult"
import * as Redacted from "effect/Redacted"
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

export const orAbsent = <A, I>(
  schema: Schema.Schema<A, I>
): Schema.optional<Schema.UndefinedOr<Schema.Schema<A, I>>> =>
  Schema.optional(Schema.UndefinedOr(schema).annotations({ decodingFallback: () => Either.right(undefined) }))

export const UtcFromText = Schema.DateTimeUtc

export const decoder = Schema.decodeUnknownEither

export const having =
  <A extends object, B extends A>(...fields: ReadonlyArray<keyof A>) =>
  (value: A): value is B =>
    fields.every((field) => value[field] !== undefined)

const plainOrRedacted = "must be a string, plain or Redacted"

// A parser's own message would print the value it refuses.
const quiet = {
  description: plainOrRedacted,
  message: () => ({ message: plainOrRedacted, override: true })
}

export const Secret = Schema.transform(
  Schema.Union(Schema.String, Schema.RedactedFromSelf(Schema.String)).annotations(quiet),
  Schema.RedactedFromSelf(Schema.String).annotations(quiet),
  {
    strict: true,
    decode: (secret) => (Redacted.isRedacted(secret) ? secret : Redacted.make(secret)),
    encode: (secret) => secret
  }
).annotations(quiet)

export const secretWhere = (keepsRule: (secret: string) => boolean, rule: string) =>
  Secret.pipe(
    Schema.filter((secret) => keepsRule(Redacted.value(secret)), {
      description: rule,
      message: () => ({ message: rule, override: true })
    })
  )

export const secretBetween = (min: number, max: number) =>
  secretWhere((secret) => secret.length >= min && secret.length <= max, `must be ${min} to ${max} characters`)

export const NonEmptySecret = secretWhere((secret) => secret !== "", "must not be empty")

export const optionalSecret = <S extends Schema.Schema.All>(secret: S) => {
  const rule = Option.getOrElse(AST.getDescriptionAnnotation(secret.ast), () => plainOrRedacted)
  return Schema.optionalWith(
    Schema.UndefinedOr(secret).annotations({ message: () => ({ message: rule, override: true }) }),
    { exact: true }
  )
}
