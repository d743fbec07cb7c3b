/** Reading JSON objects that may hold secrets: what is wrong with one is told without quoting it. */

import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import * as Result from "effect/Result"

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The object that a text states; none where it states anything else. */
export const parse = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * A member of a JSON type, or in words what it is not. `null` and blank text count as absent, and nothing else does: a
 * time as a number where the format has a text would otherwise be no time at all.
 */
export type Member<A> = Result.Result<A | undefined, string>

const member =
  <A>(is: (value: unknown) => value is A, kind: string) =>
  (object: JsonObject, name: string): Member<A> => {
    const value = Object.hasOwn(object, name) ? object[name] : undefined
    if (value === undefined || value === null) return Result.succeed(undefined)
    if (typeof value === "string" && value.trim() === "") return Result.succeed(undefined)
    return is(value) ? Result.succeed(value) : Result.fail(`${name} is not ${kind}`)
  }

/** A member that is text. */
export const text = member(Predicate.isString, "a text")

/** A member that is a finite number. */
export const number = member(
  (value): value is number => typeof value === "number" && Number.isFinite(value),
  "a number"
)

/** A member that is a JSON object. */
export const object = member(isObject, "a JSON object")

/** Members that are texts, by other names; the first that is none is told. */
export const texts = <Key extends string>(
  object: JsonObject,
  names: { readonly [_ in Key]: string }
): Result.Result<{ readonly [_ in Key]: string | undefined }, string> => {
  const members = Record.map(names, (name) => text(object, name))
  const other = Record.values<Key, Member<string>>(members).find(Result.isFailure)
  return other === undefined
    ? Result.succeed(Record.map(members, Result.getOrUndefined))
    : Result.fail(other.failure)
}

/**
 * What is wrong with a document: a member is of another JSON type than the format's (`Malformed`), or one that is needed
 * is not there.
 */
export interface Misfit {
  readonly reason: "Malformed" | "Unavailable"
  readonly detail: string
}

/** A document has a member of another type, as {@link text} and the like tell it. */
export const misfit = (what: string): Misfit => ({ reason: "Malformed", detail: `its ${what}` })

/** A document has no such member. */
export const lacking = (name: string): Misfit => ({ reason: "Unavailable", detail: `it has no ${name}` })

/** A member that is text, of a document that nobody depends on: one that tells of an error, or of a lock. */
export const textIfAny = (object: JsonObject, name: string): string | undefined =>
  Result.getOrUndefined(text(object, name))
