/**
 * RAM policy documents: what they look like, and what they decide.
 *
 * Source: "Policy elements" and "Policy evaluation process", Resource Access Management documentation.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Policy from "../Policy.js"

/** One statement. A trust policy names principals, any other policy names resources. */
export const Statement = Schema.Struct({
  ...Policy.statementFields,
  Principal: Schema.optional(
    Schema.Struct({
      RAM: Schema.optional(Policy.OneOrMore),
      Federated: Schema.optional(Policy.OneOrMore),
      Service: Schema.optional(Policy.OneOrMore)
    })
  )
})

/** A policy document. */
export const Document = Schema.Struct({
  Version: Schema.Literal("1"),
  Statement: Schema.Array(Statement)
})

/** A policy document. */
export type Document = typeof Document.Type

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Document), { onExcessProperty: "error" })

/** A session's policy as it is sent: actions and resources, no principals. */
export const parse = (text: string): Option.Option<Document> =>
  Option.filter(decode(text), (document) =>
    document.Statement.every(
      (statement) => statement.Principal === undefined && Policy.namesResources(statement)
    )
  )

/** What is asked of a policy. */
export interface Question extends Policy.Question {
  /** Asked of trust policies: every name that the principal goes by. */
  readonly principal?: {
    readonly kind: "RAM" | "Federated" | "Service"
    readonly names: ReadonlyArray<string>
  }
}

const principalMatches = (statement: typeof Statement.Type, principal: Question["principal"]): boolean => {
  if (principal === undefined) return true
  const named = Policy.listOf(statement.Principal?.[principal.kind])
  return principal.names.some((name) => named.includes(name))
}

/** Whether the documents together allow what is asked: at least one statement does, and none denies it. */
export const allows = (documents: ReadonlyArray<Document>, question: Question): boolean =>
  Policy.decide(
    documents
      .flatMap((document) => document.Statement)
      .filter((statement) => principalMatches(statement, question.principal)),
    question
  ) === "Allow"
