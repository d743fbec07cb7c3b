/** From one form of a value to another, for every schema here. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaParser from "effect/SchemaParser"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** What decoding fails with. */
export type ParseError = Schema.SchemaError

/** A schema of values that another one reads: both ways always work. */
export const mapped = <A, I, B>(
  from: Schema.Codec<A, I>,
  to: Schema.Codec<B>,
  decode: (value: A) => B,
  encode: (value: B) => A
): Schema.Codec<B, I> =>
  from.pipe(
    Schema.decodeTo(to, { decode: SchemaGetter.transform(decode), encode: SchemaGetter.transform(encode) })
  )

/** What has fields: a class or a struct. */
export type Fielded<A> = Schema.Codec<A, any> & { readonly fields: Schema.Struct.Fields }

/** An object that has no fields but these, whatever the options of the parse. */
export const closed = <Fields extends Schema.Struct.Fields>(
  fields: Fields,
  description: string
): Schema.Codec<Schema.Struct.Type<Fields>, Schema.Struct.Encoded<Fields>> =>
  Schema.declareConstructor<Schema.Struct.Type<Fields>, Schema.Struct.Encoded<Fields>>()(
    [Schema.Struct(fields).annotate({ description })],
    ([struct]) => {
      const parse = SchemaParser.decodeUnknownEffect(struct)
      return (input, _, options) => parse(input, { ...options, onExcessProperty: "error" })
    },
    {
      description,
      toCodec: ([struct]) => new AST.Link(struct.ast, SchemaTransformation.passthrough() as never)
    }
  ) as never

type Names = Readonly<Record<PropertyKey, string>>

const wireNames = "effect-sts/wireNames"

/** The same values, read from and written as objects whose keys have other names. */
export const renamed = <A, S extends Fielded<A>>(
  schema: S & Fielded<A>,
  names: { readonly [Field in keyof S["fields"]]?: string }
): Schema.Codec<A, any> =>
  schema.pipe(Schema.encodeKeys(names as never)).annotate({ [wireNames]: names }) as never

/** The other names of a schema's keys, where {@link renamed} gave it some. */
export const namesOf = ({ annotations }: AST.AST): Names | undefined =>
  annotations?.[wireNames] as Names | undefined

/** A part that stays away, alone, where it is not as expected. */
export const orAbsent = <A, I>(schema: Schema.Codec<A, I>) =>
  Schema.optional(Schema.UndefinedOr(schema).pipe(Schema.catchDecoding(() => Effect.succeedSome(undefined))))

/** A time that is kept as its ISO text. */
export const UtcFromText = Schema.DateTimeUtcFromString
