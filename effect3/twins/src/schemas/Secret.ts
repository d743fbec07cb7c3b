// A parser's message prints the value that it refuses, unless another is given.
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

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

export const IdentityToken = secretBetween(4, 20_000)

export const NonEmptySecret = secretWhere((secret) => secret !== "", "must not be empty")

export const optionalSecret = <S extends Schema.Schema.All>(secret: S) => {
  const rule = Option.getOrElse(AST.getDescriptionAnnotation(secret.ast), () => plainOrRedacted)
  return Schema.optionalWith(
    Schema.UndefinedOr(secret).annotations({ message: () => ({ message: rule, override: true }) }),
    { exact: true }
  )
}
