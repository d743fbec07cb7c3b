/**
 * What an encoded authorization message says: why a request was denied.
 *
 * The service describes the message by examples alone, so it is read with patience: what is not known is passed over,
 * what is missing or not as expected stays away, and the text itself is always there.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

/** A part that is not as expected stays away alone. */
const optional = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optional(Schema.UndefinedOr(schema).annotations({ decodingFallback: () => Either.right(undefined) }))

const items = <A, I>(item: Schema.Schema<A, I>) => Schema.Struct({ items: Schema.Array(item) })

const open = Schema.Record({ key: Schema.String, value: Schema.Unknown })

const text = optional(Schema.String)

/**
 * A condition key and the values it had when the request was made.
 *
 * @category models
 * @since 0.1.0
 */
export const Condition = Schema.Struct({
  key: text,
  values: optional(items(Schema.Struct({ value: text })))
})

/**
 * A condition key and the values it had when the request was made.
 *
 * @category models
 * @since 0.1.0
 */
export type Condition = typeof Condition.Type

/**
 * Who asked for what.
 *
 * @category models
 * @since 0.1.0
 */
export const AuthorizationContext = Schema.Struct({
  principal: optional(Schema.Struct({ id: text, name: text, arn: text })),
  /** For example `ec2:RunInstances`. */
  action: text,
  resource: text,
  conditions: optional(items(Condition))
})

/**
 * Who asked for what.
 *
 * @category models
 * @since 0.1.0
 */
export type AuthorizationContext = typeof AuthorizationContext.Type

const parts = {
  allowed: optional(Schema.Boolean),
  /** Whether a statement denied the request; if none did, none allowed it. */
  explicitDeny: optional(Schema.Boolean),
  /** The statements that decided, with whatever they hold. */
  matchedStatements: optional(items(open)),
  /** What could not be evaluated, with whatever is told of it. */
  failures: optional(items(open)),
  context: optional(AuthorizationContext)
}

/**
 * A decoded authorization message. Of a text that is no such message, only the text is there.
 *
 * @category models
 * @since 0.1.0
 */
export class DecodedAuthorizationMessage extends Schema.Class<DecodedAuthorizationMessage>(
  "effect-sts/aws/DecodedAuthorizationMessage"
)({
  ...parts,
  /** The message as the service wrote it, JSON. */
  text: Schema.String
}) {}

const read = Schema.decodeOption(Schema.parseJson(Schema.Struct(parts)))

/**
 * A decoded authorization message, read from its text.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DecodedAuthorizationMessageFromText = Schema.transform(
  Schema.String,
  Schema.typeSchema(DecodedAuthorizationMessage),
  {
    strict: true,
    decode: (text) => new DecodedAuthorizationMessage({ ...Option.getOrElse(read(text), () => ({})), text }),
    encode: ({ text }) => text
  }
)
