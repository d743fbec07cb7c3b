/**
 * Requests that are checked before anything is sent.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { type Cloud, StsValidationError } from "./StsError.js"
import { issuesOf } from "./ValidationIssues.js"

/**
 * The two ways to check a request apart from sending it. Both take plain fields, with secrets plain or redacted.
 *
 * @category models
 * @since 0.1.0
 */
export interface Checks<Self, Input> {
  /** The request, or every rule it breaks. */
  readonly validate: (input: Input | Self) => Either.Either<Self, StsValidationError>
  /** The request; throws the `StsValidationError` otherwise. */
  readonly make: (input: Input | Self) => Self
}

/**
 * A rule that concerns more than one field. It is looked at once every field keeps its own rules.
 *
 * @category models
 * @since 0.1.0
 */
export interface Rule<Fields> {
  /** The rule in words, for the field that is named. */
  readonly rule: string
  /** The field to name, where the rule is broken. */
  readonly brokenBy: (request: Fields) => string | undefined
}

type ClassOf<Self, Fields extends Schema.Struct.Fields> = Schema.Class<
  Self,
  Fields,
  Schema.Struct.Encoded<Fields>,
  never,
  Schema.Struct.Constructor<Fields>,
  {},
  {}
>

/**
 * A request class: a `Schema.Class` whose every way to a value goes through the same checks.
 *
 * @category models
 * @since 0.1.0
 */
export type RequestClass<Self, Fields extends Schema.Struct.Fields> = Omit<ClassOf<Self, Fields>, "make"> & {
  new (props: Schema.Struct.Constructor<Fields>): Schema.Struct.Type<Fields> & object
} & Checks<Self, Schema.Struct.Encoded<Fields>>

const checks = <Self, Input>(
  cloud: Cloud,
  operation: string,
  schema: Schema.Schema<Self, Input> & (new (...props: Array<any>) => Self)
): Checks<Self, Input> => {
  const decode = Schema.decodeUnknownEither(schema, { errors: "all", onExcessProperty: "error" })
  const validate: Checks<Self, Input>["validate"] = (input) =>
    input instanceof schema
      ? Either.right(input)
      : Either.mapLeft(
          decode(input),
          (error) => new StsValidationError({ cloud, operation, issues: issuesOf(error.issue) })
        )
  return { validate, make: (input) => Either.getOrThrowWith(validate(input), (error) => error) }
}

const ruled = (
  fields: Schema.Struct.Fields,
  { brokenBy, rule }: Rule<never>
): Schema.Struct<Schema.Struct.Fields> =>
  Schema.Struct(fields).pipe(
    Schema.filter(
      (request) => {
        const field = brokenBy(request as never)
        return field === undefined || { path: [field], message: rule }
      },
      { description: rule }
    )
  ) as never

/**
 * Declares the request of one operation. Unknown fields are refused, so that a misspelt one is not lost.
 *
 * @category constructors
 * @since 0.1.0
 */
export const Request =
  <Self = never>(cloud: Cloud, operation: string) =>
  <const Fields extends Schema.Struct.Fields>(
    fields: Fields,
    rule?: Rule<Schema.Struct.Type<Fields>>
  ): RequestClass<Self, Fields> => {
    class Base extends Schema.Class<object>(`effect-sts/${cloud}/${operation}Request`)(
      rule === undefined ? (fields as Schema.Struct.Fields) : ruled(fields, rule)
    ) {
      constructor(props: object, options?: Schema.MakeOptions) {
        try {
          super(props, options)
        } catch (error) {
          if (!ParseResult.isParseError(error)) throw error
          throw new StsValidationError({ cloud, operation, issues: issuesOf(error.issue) })
        }
      }
    }
    // Read on the class that extends this one, once: a decoder is built for that class alone.
    const lazily = (name: keyof Checks<unknown, unknown>) => ({
      configurable: true,
      get(this: typeof Base) {
        const own = checks(cloud, operation, this as never)
        Object.defineProperties(this, { validate: { value: own.validate }, make: { value: own.make } })
        return own[name]
      }
    })
    Object.defineProperties(Base, { validate: lazily("validate"), make: lazily("make") })
    return Base as never
  }
