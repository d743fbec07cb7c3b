/**
 * Conditions of policies.
 *
 * Source: "IAM JSON policy elements: Condition operators", IAM User Guide; Resource Access Management has the same.
 */
import * as Wildcard from "../protocol/arn.js"

/** Values that conditions are about, by condition key. */
export type Context = Readonly<Record<string, ReadonlyArray<string>>>

type Expected = string | number | boolean | ReadonlyArray<string>

/** Expected values by condition key, by operator. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, Expected>>>>

/** Whether a text fits one of several patterns with `*` and `?`. */
export const matches = (patterns: ReadonlyArray<string>, text: string): boolean =>
  patterns.some((pattern) => Wildcard.matches(pattern, text))

/** The same, whatever the case of letters. */
export const matchesAnyCase = (patterns: ReadonlyArray<string>, text: string): boolean =>
  matches(
    patterns.map((pattern) => pattern.toLowerCase()),
    text.toLowerCase()
  )

type Test = (actual: string, expected: string) => boolean

const equalsIgnoringCase: Test = (actual, expected) => actual.toLowerCase() === expected.toLowerCase()
const like: Test = (actual, expected) => Wildcard.matches(expected, actual)

const ordered = (kind: string, valueOf: (text: string) => number): Readonly<Record<string, Test>> => ({
  [`${kind}Equals`]: (actual, expected) => valueOf(actual) === valueOf(expected),
  [`${kind}LessThan`]: (actual, expected) => valueOf(actual) < valueOf(expected),
  [`${kind}LessThanEquals`]: (actual, expected) => valueOf(actual) <= valueOf(expected),
  [`${kind}GreaterThan`]: (actual, expected) => valueOf(actual) > valueOf(expected),
  [`${kind}GreaterThanEquals`]: (actual, expected) => valueOf(actual) >= valueOf(expected)
})

const tests: Readonly<Record<string, Test>> = {
  StringEquals: (actual, expected) => actual === expected,
  StringEqualsIgnoreCase: equalsIgnoringCase,
  StringLike: like,
  ArnEquals: like,
  ArnLike: like,
  Bool: equalsIgnoringCase,
  ...ordered("Numeric", Number),
  ...ordered("Date", Date.parse)
}

const testOf = (operator: string): { readonly test: Test | undefined; readonly negated: boolean } => {
  const positive = operator.replace(/^(String|Arn|Numeric|Date)Not/, "$1")
  return { test: tests[positive], negated: positive !== operator }
}

const textsOf = (expected: Expected): ReadonlyArray<string> =>
  typeof expected === "object" ? expected : [String(expected)]

const form = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/

const holds = (operator: string, actual: ReadonlyArray<string>, expected: ReadonlyArray<string>): boolean => {
  const [, set, name = "", ifExists] = form.exec(operator) ?? []
  if (name === "Null") return expected.includes(String(actual.length === 0))
  if (actual.length === 0 && (ifExists !== undefined || set === "ForAllValues")) return true
  const { negated, test } = testOf(name)
  if (test === undefined) return false
  const fits = (value: string) => expected.some((one) => test(value, one)) !== negated
  if (set === "ForAllValues") return actual.every(fits)
  return negated && set === undefined ? actual.every(fits) : actual.some(fits)
}

/** Whether every condition holds. One with an operator that is not known never does. */
export const conditionsHold = (conditions: Conditions, context: Context): boolean =>
  Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) => holds(operator, context[key] ?? [], textsOf(expected)))
  )
