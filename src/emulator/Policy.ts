/**
 * What the clouds' policy documents have in common: how statements and their conditions match, and what several of them
 * decide together.
 *
 * Source: "Policy elements", Resource Access Management documentation, and "IAM JSON policy elements reference", with its
 * "Condition operators", IAM User Guide.
 */

import * as Schema from "effect/Schema"
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
const matchesAnyCase = (patterns: ReadonlyArray<string>, text: string): boolean =>
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

const operatorForm = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/

const holds = (operator: string, actual: ReadonlyArray<string>, expected: ReadonlyArray<string>): boolean => {
  const [, set, name = "", ifExists] = operatorForm.exec(operator) ?? []
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

/** A text or several. */
export const OneOrMore = Schema.Union([Schema.String, Schema.Array(Schema.String)])

/** Conditions: expected values by condition key, by operator. */
export const Condition = Schema.Record(
  Schema.String,
  Schema.Record(Schema.String, Schema.Union([OneOrMore, Schema.Boolean, Schema.Number]))
)

/** What every statement has, whether it names principals or resources. */
export const statementFields = {
  Effect: Schema.Literals(["Allow", "Deny"]),
  Action: Schema.optional(OneOrMore),
  NotAction: Schema.optional(OneOrMore),
  Resource: Schema.optional(OneOrMore),
  NotResource: Schema.optional(OneOrMore),
  Condition: Schema.optional(Condition)
}

const Statement = Schema.Struct(statementFields)

/** A statement, as far as it does not name principals. */
export type Statement = typeof Statement.Type

/** What is asked of a policy. */
export interface Question {
  readonly action: string
  /** Asked of policies that name resources. */
  readonly resource?: string
  /** Values that conditions are about, by condition key. */
  readonly context: Context
}

/** A text or several, as a list. */
export const listOf = (value: string | ReadonlyArray<string> | undefined): ReadonlyArray<string> =>
  value === undefined ? [] : typeof value === "string" ? [value] : value

const actionMatches = (statement: Statement, action: string): boolean =>
  statement.NotAction === undefined
    ? matchesAnyCase(listOf(statement.Action), action)
    : !matchesAnyCase(listOf(statement.NotAction), action)

const resourceMatches = (statement: Statement, resource: string | undefined): boolean => {
  if (resource === undefined) return true
  return statement.NotResource === undefined
    ? matches(listOf(statement.Resource), resource)
    : !matches(listOf(statement.NotResource), resource)
}

/**
 * Whether a statement without principals has each element once: actions or all others, resources or all others.
 */
export const namesResources = (statement: Statement): boolean =>
  (statement.Action === undefined) !== (statement.NotAction === undefined) &&
  (statement.Resource === undefined) !== (statement.NotResource === undefined)

/**
 * What statements decide together: one that denies outweighs all that allow, and where none applies nothing is decided.
 */
export const decide = (
  statements: ReadonlyArray<Statement>,
  { action, context, resource }: Question
): "Allow" | "Deny" | undefined => {
  const effects = statements
    .filter(
      (statement) =>
        actionMatches(statement, action) &&
        resourceMatches(statement, resource) &&
        conditionsHold(statement.Condition ?? {}, context)
    )
    .map((statement) => statement.Effect)
  return effects.includes("Deny") ? "Deny" : effects.includes("Allow") ? "Allow" : undefined
}
