/**
 * From one form of a value to another, for every schema here; secrets, plain or redacted on the way in and redacted ever
 * after; and decoding by a closure that is made of a schema's tree once. It accepts what is right, and refuses the rest
 * without saying why; about that the schema is asked, so that rules and words are the schema's alone.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
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

/** Whether all of these fields are there. */
export const having =
  <A extends object, B extends A>(...fields: ReadonlyArray<keyof A>) =>
  (value: A): value is B => {
    for (const field of fields) if (value[field] === undefined) return false
    return true
  }

const plainOrRedacted = "must be a string, plain or Redacted"

const quiet = { description: plainOrRedacted }

const inside = (secret: string | Redacted.Redacted): string =>
  typeof secret === "string" ? secret : Redacted.value(secret)

/**
 * A secret that a caller may give plain or redacted. It is kept, printed and encoded as `Redacted`, so that no
 * codec, log line or `JSON.stringify` can unwrap it by accident.
 */
export const Secret = Schema.Union([Schema.String, Schema.Redacted(Schema.String)])
  .annotate(quiet)
  .pipe(
    Schema.decodeTo(Schema.Redacted(Schema.String).annotate(quiet), {
      decode: SchemaGetter.transform((secret: string | Redacted.Redacted) =>
        Redacted.isRedacted(secret) ? secret : Redacted.make(secret)
      ),
      encode: SchemaGetter.passthroughSupertype()
    })
  )
  .annotate(quiet)

/** A {@link Secret} that keeps a rule. The rule in words must not hold the value. */
export const secretWhere = (keepsRule: (secret: string) => boolean, rule: string) =>
  Secret.pipe(Schema.check(Schema.makeFilter((secret) => keepsRule(inside(secret)), { description: rule })))

/** A {@link Secret} of `min` to `max` characters. */
export const secretBetween = (min: number, max: number) =>
  secretWhere((secret) => secret.length >= min && secret.length <= max, `must be ${min} to ${max} characters`)

/** A {@link Secret} that is there. */
export const NonEmptySecret = secretWhere((secret) => secret !== "", "must not be empty")

/**
 * A field that may be absent and holds a secret, or parts that do. A plain optional field would print the value it
 * refuses, for not being `undefined`.
 */
export const optionalSecret = <S extends Schema.Top>(secret: S) => Schema.optional(secret)

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
