/**
 * What the clouds' policy documents have in common: how statements match, and what several of them decide together.
 *
 * Source: "Policy elements", Resource Access Management documentation, and "IAM JSON policy elements reference", IAM
 * User Guide.
 */
import * as Schema from "effect/Schema"
import { type Context, conditionsHold, matches, matchesAnyCase } from "./Condition.js"

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
