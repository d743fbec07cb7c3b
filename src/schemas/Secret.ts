/** Secrets as schemas: plain or redacted on the way in, redacted ever after. */
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

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

/** A token of an identity provider, as both clouds take it. */
export const IdentityToken = secretBetween(4, 20_000)

/** A {@link Secret} that is there. */
export const NonEmptySecret = secretWhere((secret) => secret !== "", "must not be empty")

/**
 * A field that may be absent and holds a secret, or parts that do. A plain optional field would print the value it
 * refuses, for not being `undefined`.
 */
export const optionalSecret = <S extends Schema.Top>(secret: S) => Schema.optional(secret)
