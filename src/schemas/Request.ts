/** Requests that are checked before anything is sent. */
import * as Arr from "effect/Array"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { decoder } from "./Codec.js"
import { type Cloud, StsValidationError, type ValidationIssue } from "./StsError.js"
import { issuesOf } from "./ValidationIssues.js"

/** Whether an operation is signed with credentials, or proves itself by a token in its request. */
export type Authentication = "signed" | "anonymous"

/**
 * The two ways to check a request apart from sending it. Both take plain fields, with secrets plain or redacted.
 */
export interface Checks<Self, Input> {
  /** The request, or every rule it breaks. */
  readonly validate: (input: Input | Self) => Result.Result<Self, StsValidationError>
  /** The request; throws the `StsValidationError` otherwise. */
  readonly make: (input: Input | Self) => Self
}

/** What every response has beside what its operation answers. */
export const requestId = {
  /** The service's id of the request, for its support; absent when the reply has none. */
  requestId: Schema.optional(Schema.String)
}

/** A rule that concerns more than one field. It is looked at once every field keeps its own rules. */
export interface Rule<Fields> {
  /** The rule in words, for the field that is named. */
  readonly rule: string
  /** The field to name, where the rule is broken. */
  readonly brokenBy: (request: Fields) => string | undefined
}

type ClassOf<Self, Fields extends Schema.Struct.Fields> = Schema.Class<Self, Schema.Struct<Fields>, {}>

/** A request class: a `Schema.Class` whose every way to a value goes through the same checks. */
export type RequestClass<Self, Input, Fields extends Schema.Struct.Fields> = Omit<
  ClassOf<Self, Fields>,
  "make"
> & {
  new (props: Schema.Struct.MakeIn<Fields>): Schema.Struct.Type<Fields> & object
} & Checks<Self, Input>

type Issues = Arr.NonEmptyReadonlyArray<ValidationIssue>

const options = { errors: "all", onExcessProperty: "ignore" } as const

/** Every rule that an input breaks. A schema without fields would let anything through, so names are compared here. */
const checked =
  <A>(fields: Schema.Struct.Fields, parse: (input: unknown) => Result.Result<A, Schema.SchemaError>) =>
  (input: unknown): Result.Result<A, Issues> => {
    if (!Predicate.isObject(input)) {
      return Result.fail([{ field: "request", rule: "must be an object with the fields of this operation" }])
    }
    const unknown = Object.keys(input)
      .filter((name) => !Object.hasOwn(fields, name))
      .map((field) => ({ field, rule: "is not a field of this operation" }))
    const parsed = parse(input)
    if (Result.isFailure(parsed)) return Result.fail(Arr.appendAll(issuesOf(parsed.failure.issue), unknown))
    return Arr.isArrayNonEmpty(unknown) ? Result.fail(unknown) : Result.succeed(parsed.success)
  }

const checks = <Self, Input>(
  fields: Schema.Struct.Fields,
  schema: Schema.Codec<Self, Input> & (new (...props: Array<never>) => Self),
  toError: (issues: Issues) => StsValidationError
): Checks<Self, Input> => {
  const decode = checked(fields, decoder(schema, options))
  const validate: Checks<Self, Input>["validate"] = (input) =>
    input instanceof schema ? Result.succeed(input as Self) : Result.mapError(decode(input), toError)
  return { validate, make: (input) => Result.getOrThrowWith(validate(input), (error) => error) }
}

const ruled = (
  fields: Schema.Struct.Fields,
  { brokenBy, rule }: Rule<never>
): Schema.Struct<Schema.Struct.Fields> =>
  Schema.Struct(fields).pipe(
    Schema.check(
      Schema.makeFilter(
        (request) => {
          const field = brokenBy(request as never)
          return field === undefined ? undefined : { path: [field], issue: rule }
        },
        { description: rule }
      )
    )
  ) as never

/** Declares the request of one operation. Unknown fields are refused, so that a misspelt one is not lost. */
export const Request =
  <Self = never, Input = never>(cloud: Cloud, operation: string) =>
  <const Fields extends Schema.Struct.Fields>(
    fields: Fields,
    rule?: Rule<Schema.Struct.Type<Fields>>
  ): RequestClass<Self, Input, Fields> => {
    const toError = (issues: Issues) => new StsValidationError({ cloud, operation, issues })
    const own = rule === undefined ? Schema.Struct(fields as Schema.Struct.Fields) : ruled(fields, rule)
    const checkProps = checked(fields, Schema.decodeUnknownResult(Schema.toType(own), options))
    class Base extends Schema.Class<object>(`effect-sts/${cloud}/${operation}Request`)(own) {
      constructor(props: object, options?: Schema.MakeOptions) {
        // Only Effect gives options. It has decoded these fields, or checks them itself.
        if (!options) Result.getOrThrowWith(checkProps(props), toError)
        super(props as never, options || { disableChecks: true })
      }
    }
    // Read on the class that extends this one, once: a decoder is built for that class alone.
    const lazily = (name: keyof Checks<unknown, unknown>) => ({
      configurable: true,
      get(this: typeof Base) {
        const both = checks(fields, this as never, toError)
        Object.defineProperties(this, { validate: { value: both.validate }, make: { value: both.make } })
        return both[name]
      }
    })
    Object.defineProperties(Base, { validate: lazily("validate"), make: lazily("make") })
    return Base as never
  }
