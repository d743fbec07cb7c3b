/**
 * Secrets as schemas: plain or redacted on the way in, redacted ever after.
 *
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

const rule = "must be a string, plain or Redacted"

// A parser's own message would print the value it refuses.
const quiet = { description: rule, message: () => ({ message: rule, override: true }) }

/**
 * A secret that a caller may give plain or redacted. It is kept, printed and encoded as `Redacted`, so that no
 * codec, log line or `JSON.stringify` can unwrap it by accident.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Secret = Schema.transform(
  Schema.Union(Schema.String, Schema.RedactedFromSelf(Schema.String)).annotations(quiet),
  Schema.RedactedFromSelf(Schema.String).annotations(quiet),
  {
    strict: true,
    decode: (secret) => (Redacted.isRedacted(secret) ? secret : Redacted.make(secret)),
    encode: (secret) => secret
  }
).annotations(quiet)

/**
 * A {@link Secret} of `min` to `max` characters.
 *
 * @category schemas
 * @since 0.1.0
 */
export const secretBetween = (min: number, max: number) => {
  const length = `must be ${min} to ${max} characters`
  return Secret.pipe(
    Schema.filter((secret) => Redacted.value(secret).length >= min && Redacted.value(secret).length <= max, {
      description: length,
      message: () => ({ message: length, override: true })
    })
  )
}
