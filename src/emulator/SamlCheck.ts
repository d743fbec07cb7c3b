/** Whether an assertion is meant for a cloud, by its provider, and now. */
import * as Result from "effect/Result"
import { type Assertion, invalid, type SamlFault } from "./SamlDocument.js"

/** What a cloud expects of an assertion. */
export interface Expected {
  /** The provider's name for itself. */
  readonly issuer: string
  /** Any of them will do. */
  readonly audiences: ReadonlyArray<string>
  readonly isRecipient: (recipient: string) => boolean
}

const fault = (_tag: SamlFault["_tag"], detail: string) => Result.fail({ _tag, detail })

/** Refuses an assertion of another issuer, for another audience or recipient, or for another time. */
export const check = (
  { audiences, issuer, notBefore, notOnOrAfter, recipient }: Assertion,
  expected: Expected,
  now: number
): Result.Result<void, SamlFault> => {
  if (issuer !== expected.issuer) return fault("Issuer", "its issuer is not the provider")
  if (!audiences.some((audience) => expected.audiences.includes(audience))) {
    return fault("Audience", "its audience is another")
  }
  if (!expected.isRecipient(recipient)) return invalid("its recipient is another")
  if (notOnOrAfter.length === 0) return invalid("it states no end")
  return notBefore.every((time) => time <= now) && notOnOrAfter.every((time) => now < time)
    ? Result.void
    : fault("Expired", "its time is over, or has not come")
}

/** The pairs of ARNs that an attribute states, with the blanks taken out. */
export const pairsOf = ({ attributes }: Assertion, name: string): ReadonlyArray<string> =>
  attributes[name]?.map((text) => text.replace(/\s/g, "")) ?? []
