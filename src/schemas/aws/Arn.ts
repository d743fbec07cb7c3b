/**
 * Amazon Resource Names, checked no more tightly than the service itself describes them: other services that speak
 * the same protocol have names of their own making.
 *
 * Source: "AWS Security Token Service API Reference", version 2011-06-15.
 */
import * as Schema from "effect/Schema"

const pattern = /^[\t\n\r -\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]{20,2048}$/u

/** `arn:<partition>:<service>:<region>:<account id>:<resource>`: 20 to 2048 characters. */
export const Arn = Schema.String.pipe(
  Schema.check(
    Schema.makeFilter((value) => pattern.test(value), {
      description: "must be 20 to 2048 characters, such as arn:aws:iam::<account id>:<kind>/<name>"
    })
  )
)

/** The account an ARN belongs to; none for one that names no account. */
export const accountIdOf = (arn: string): string | undefined => {
  const [scheme, , , , account] = arn.split(":", 6)
  return scheme === "arn" && account !== "" ? account : undefined
}
