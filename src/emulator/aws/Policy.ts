/**
 * IAM policy documents: what they look like, and what they decide.
 *
 * Source: "IAM JSON policy elements reference" and "Policy evaluation logic", IAM User Guide.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Conditions } from "../Policy.js"
import * as Policy from "../Policy.js"

/** One statement. A trust policy names principals, any other policy names resources. */
export const Statement = Schema.Struct({
  ...Policy.statementFields,
  Sid: Schema.optional(Schema.String),
  Principal: Schema.optional(
    Schema.Union([
      Schema.Literal("*"),
      Schema.Struct({
        AWS: Schema.optional(Policy.OneOrMore),
        Federated: Schema.optional(Policy.OneOrMore),
        Service: Schema.optional(Policy.OneOrMore)
      })
    ])
  )
})

/** A policy document. */
export const Document = Schema.Struct({
  Version: Schema.optional(Schema.Literals(["2012-10-17", "2008-10-17"])),
  Id: Schema.optional(Schema.String),
  Statement: Schema.Union([Statement, Schema.Array(Statement)])
})

/** A policy document. */
export type Document = typeof Document.Type

type Statement = typeof Statement.Type

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Document), { onExcessProperty: "error" })

const isStatement = (value: Document["Statement"]): value is Statement => !Array.isArray(value)

const statementsOf = ({ Statement: statement }: Document): ReadonlyArray<Statement> =>
  isStatement(statement) ? [statement] : statement

/** A session's policy as it is sent: actions and resources, no principals. */
export const parse = (text: string): Option.Option<Document> =>
  Option.filter(decode(text), (document) => {
    const statements = statementsOf(document)
    return (
      statements.length > 0 &&
      statements.every((statement) => statement.Principal === undefined && Policy.namesResources(statement))
    )
  })

/** What the service is asked to decide. */
export interface Question extends Policy.Question {
  /** Asked of trust policies: every name that the principal goes by. */
  readonly principal?: { readonly kind: PrincipalKind; readonly names: ReadonlyArray<string> }
}

type PrincipalKind = "AWS" | "Federated" | "Service"

const namedBy = (statement: Statement, kind: PrincipalKind): ReadonlyArray<string> => {
  const { Principal } = statement
  return Principal === "*" ? ["*"] : Policy.listOf(Principal?.[kind])
}

const principalMatches = (statement: Statement, principal: Question["principal"]): boolean => {
  if (principal === undefined) return true
  const named = namedBy(statement, principal.kind)
  return named.includes("*") || principal.names.some((name) => named.includes(name))
}

// Condition keys are the same in upper and lower case.
const lowerKeys = <A>(values: Readonly<Record<string, A>>): Record<string, A> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key.toLowerCase(), value]))

const lowerConditions = (conditions: Conditions): Conditions =>
  Object.fromEntries(Object.entries(conditions).map(([operator, keys]) => [operator, lowerKeys(keys)]))

/** What the documents together decide. */
export const decide = (
  documents: ReadonlyArray<Document>,
  question: Question
): "Allow" | "Deny" | undefined =>
  Policy.decide(
    documents
      .flatMap(statementsOf)
      .filter((statement) => principalMatches(statement, question.principal))
      .map((statement) => ({ ...statement, Condition: lowerConditions(statement.Condition ?? {}) })),
    { ...question, context: lowerKeys(question.context) }
  )
