/**
 * RAM policy documents: what they look like, and what they decide.
 *
 * Source: "Policy elements" and "Policy evaluation process", Resource Access Management documentation.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const OneOrMore = Schema.Union(Schema.String, Schema.Array(Schema.String))

const Condition = Schema.Record({
  key: Schema.String,
  value: Schema.Record({ key: Schema.String, value: OneOrMore })
})

/**
 * One statement. A trust policy names principals, any other policy names resources.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Statement = Schema.Struct({
  Effect: Schema.Literal("Allow", "Deny"),
  Action: Schema.optional(OneOrMore),
  NotAction: Schema.optional(OneOrMore),
  Resource: Schema.optional(OneOrMore),
  NotResource: Schema.optional(OneOrMore),
  Principal: Schema.optional(
    Schema.Struct({
      RAM: Schema.optional(OneOrMore),
      Federated: Schema.optional(OneOrMore),
      Service: Schema.optional(OneOrMore)
    })
  ),
  Condition: Schema.optional(Condition)
})

/**
 * A policy document.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Document = Schema.Struct({
  Version: Schema.Literal("1"),
  Statement: Schema.Array(Statement)
})

/**
 * A policy document.
 *
 * @category models
 * @since 0.1.0
 */
export type Document = typeof Document.Type

const decode = Schema.decodeUnknownOption(Schema.parseJson(Document), { onExcessProperty: "error" })

const isIdentityStatement = (statement: typeof Statement.Type): boolean =>
  statement.Principal === undefined &&
  (statement.Action === undefined) !== (statement.NotAction === undefined) &&
  (statement.Resource === undefined) !== (statement.NotResource === undefined)

/**
 * A session's policy as it is sent: actions and resources, no principals.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (text: string): Option.Option<Document> =>
  Option.filter(decode(text), (document) => document.Statement.every(isIdentityStatement))

/**
 * What is asked of a policy.
 *
 * @category models
 * @since 0.1.0
 */
export interface Question {
  readonly action: string
  /** Asked of policies that name resources. */
  readonly resource?: string
  /** Asked of trust policies: every name that the principal goes by. */
  readonly principal?: { readonly kind: "RAM" | "Federated"; readonly names: ReadonlyArray<string> }
  /** Values that conditions are about, by condition key. */
  readonly context: Readonly<Record<string, ReadonlyArray<string>>>
}

const listOf = (value: string | ReadonlyArray<string> | undefined): ReadonlyArray<string> =>
  value === undefined ? [] : typeof value === "string" ? [value] : value

const wildcard = (pattern: string, flags = ""): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*/g, ".*")
      .replace(/\?/g, ".")}$`,
    `s${flags}`
  )

const matches = (patterns: ReadonlyArray<string>, text: string, flags?: string): boolean =>
  patterns.some((pattern) => wildcard(pattern, flags).test(text))

type Test = (actual: string, expected: string) => boolean

const tests: Readonly<Record<string, Test>> = {
  StringEquals: (actual, expected) => actual === expected,
  StringEqualsIgnoreCase: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  StringLike: (actual, expected) => wildcard(expected).test(actual)
}

const negations: Readonly<Record<string, string>> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike"
}

const holds = (operator: string, actual: ReadonlyArray<string>, expected: ReadonlyArray<string>): boolean => {
  const negated = negations[operator]
  const test = tests[negated ?? operator]
  if (test === undefined) return false
  const found = actual.some((value) => expected.some((one) => test(value, one)))
  return negated === undefined ? found : !found
}

const conditionsHold = (condition: typeof Condition.Type, context: Question["context"]): boolean =>
  Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) => holds(operator, context[key] ?? [], listOf(expected)))
  )

const actionMatches = (statement: typeof Statement.Type, action: string): boolean =>
  statement.NotAction === undefined
    ? matches(listOf(statement.Action), action, "i")
    : !matches(listOf(statement.NotAction), action, "i")

const resourceMatches = (statement: typeof Statement.Type, resource: string | undefined): boolean => {
  if (resource === undefined) return true
  return statement.NotResource === undefined
    ? matches(listOf(statement.Resource), resource)
    : !matches(listOf(statement.NotResource), resource)
}

const principalMatches = (statement: typeof Statement.Type, principal: Question["principal"]): boolean => {
  if (principal === undefined) return true
  const named = listOf(statement.Principal?.[principal.kind])
  return principal.names.some((name) => named.includes(name))
}

/**
 * Whether the documents together allow what is asked: at least one statement does, and none denies it.
 *
 * @category decisions
 * @since 0.1.0
 */
export const allows = (documents: ReadonlyArray<Document>, question: Question): boolean => {
  const effects = documents
    .flatMap((document) => document.Statement)
    .filter(
      (statement) =>
        actionMatches(statement, question.action) &&
        resourceMatches(statement, question.resource) &&
        principalMatches(statement, question.principal) &&
        conditionsHold(statement.Condition ?? {}, question.context)
    )
    .map((statement) => statement.Effect)
  return effects.includes("Allow") && !effects.includes("Deny")
}
