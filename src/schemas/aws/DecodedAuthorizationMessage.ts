/**
 * What an encoded authorization message says: why a request was denied.
 *
 * The service describes the message by examples alone, so it is read with patience: what is not known is passed over,
 * what is missing or not as expected stays away, and the text itself is always there.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { mapped, orAbsent } from "../Codec.js"

const items = <A, I>(item: Schema.Codec<A, I>) => Schema.Struct({ items: Schema.Array(item) })

const open = Schema.Record(Schema.String, Schema.Unknown)

const text = orAbsent(Schema.String)

/**
 * A condition key and the values it had when the request was made.
 *
 * @category models
 * @since 0.1.0
 */
export const Condition = Schema.Struct({
  key: text,
  values: orAbsent(items(Schema.Struct({ value: text })))
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
  principal: orAbsent(Schema.Struct({ id: text, name: text, arn: text })),
  /** For example `ec2:RunInstances`. */
  action: text,
  resource: text,
  conditions: orAbsent(items(Condition))
})

/**
 * Who asked for what.
 *
 * @category models
 * @since 0.1.0
 */
export type AuthorizationContext = typeof AuthorizationContext.Type

const parts = {
  allowed: orAbsent(Schema.Boolean),
  /** Whether a statement denied the request; if none did, none allowed it. */
  explicitDeny: orAbsent(Schema.Boolean),
  /** The statements that decided, with whatever they hold. */
  matchedStatements: orAbsent(items(open)),
  /** What could not be evaluated, with whatever is told of it. */
  failures: orAbsent(items(open)),
  context: orAbsent(AuthorizationContext)
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

const read = Schema.decodeOption(Schema.fromJsonString(Schema.Struct(parts)))

/**
 * A decoded authorization message, read from its text.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DecodedAuthorizationMessageFromText = mapped(
  Schema.String,
  Schema.toType(DecodedAuthorizationMessage),
  (text) => new DecodedAuthorizationMessage({ ...Option.getOrElse(read(text), () => ({})), text }),
  ({ text }) => text
)
