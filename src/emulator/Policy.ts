/**
 * The clouds' policy documents: what they look like, how statements and their conditions match, and what several of
 * them decide together.
 *
 * Source: "Policy elements" and "Policy evaluation process", Resource Access Management documentation, and "IAM JSON
 * policy elements reference", with its "Condition operators", and "Policy evaluation logic", IAM User Guide.
 */
import * as Option from "effect/Option"

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
const OneOrMore = Schema.Union([Schema.String, Schema.Array(Schema.String)])

const statementFields = {
  /** Whether it allows or denies. */
  Effect: Schema.Literals(["Allow", "Deny"]),
  /** The actions it is about. */
  Action: Schema.optional(OneOrMore),
  /** The actions it is not about; all others are meant. */
  NotAction: Schema.optional(OneOrMore),
  /** The resources it is about. */
  Resource: Schema.optional(OneOrMore),
  /** The resources it is not about; all others are meant. */
  NotResource: Schema.optional(OneOrMore),
  /** What has to hold too: values by keys, by operators. */
  Condition: Schema.optional(
    Schema.Record(
      Schema.String,
      Schema.Record(Schema.String, Schema.Union([OneOrMore, Schema.Boolean, Schema.Number]))
    )
  )
}

const federated = {
  /** Identity providers, by their ARNs. */
  Federated: Schema.optional(OneOrMore),
  /** Services, by their host names. */
  Service: Schema.optional(OneOrMore)
}

// A trust policy names principals, any other policy names resources.
const RamStatement = Schema.Struct({
  ...statementFields,
  /** Whom a trust policy lets in. */
  Principal: Schema.optional(
    Schema.Struct({
      /** Accounts, users and roles, by their ARNs. */
      RAM: Schema.optional(OneOrMore),
      ...federated
    })
  )
})

const IamStatement = Schema.Struct({
  ...statementFields,
  /** The statement's name. */
  Sid: Schema.optional(Schema.String),
  /** Whom a trust policy lets in. */
  Principal: Schema.optional(
    Schema.Union([
      Schema.Literal("*"),
      Schema.Struct({
        /** Accounts, users, roles and sessions, by their ARNs. */
        AWS: Schema.optional(OneOrMore),
        ...federated
      })
    ])
  )
})

/** A policy document of Alibaba Cloud's Resource Access Management. */
export const RamDocument = Schema.Struct({
  /** The language's version. */
  Version: Schema.Literal("1"),
  /** What is allowed and denied. */
  Statement: Schema.Array(RamStatement)
})

/** A policy document of Alibaba Cloud's Resource Access Management. */
export type RamDocument = typeof RamDocument.Type

/** A policy document of AWS Identity and Access Management. */
export const IamDocument = Schema.Struct({
  /** The language's version. */
  Version: Schema.optional(Schema.Literals(["2012-10-17", "2008-10-17"])),
  /** The document's name. */
  Id: Schema.optional(Schema.String),
  /** What is allowed and denied. */
  Statement: Schema.Union([IamStatement, Schema.Array(IamStatement)])
})

/** A policy document of AWS Identity and Access Management. */
export type IamDocument = typeof IamDocument.Type

type Statement = typeof RamStatement.Type | typeof IamStatement.Type

/** What is asked of a policy. */
export interface Question {
  readonly action: string
  /** Asked of policies that name resources. */
  readonly resource?: string
  /** Asked of trust policies: every name that the principal goes by. */
  readonly principal?: {
    readonly kind: "AWS" | "RAM" | "Federated" | "Service"
    readonly names: ReadonlyArray<string>
  }
  /** Values that conditions are about, by condition key. */
  readonly context: Context
}

/** What a set of policies came to. */
export interface Outcome {
  /** One statement that denies outweighs all that allow; where none applies nothing is decided. */
  readonly effect: "Allow" | "Deny" | undefined
  /** The statement that allows or denies; where none does, the one that comes closest to allowing. */
  readonly statement: Statement | undefined
  /** The part of that statement that does not fit; nothing where it applies. */
  readonly misfit: Part | undefined
}

/** What a set of policies came to for a request, as it is shown to people. */
export interface Decision extends Outcome {
  /** Whose policies, such as `trust policy of arn:aws:iam::123456789012:role/reader`. */
  readonly policies: string
  readonly action: string
}

/** Records a decision, to be shown with the request. */
export type Note = (decision: Decision) => void

/** What a role's trust policy is called, by the role's ARN. */
export const trustOf = (role: string): string => `trust policy of ${role}`

/** Policies that together have to allow something. */
export interface PolicySet<Document> {
  /** What they are called, such as `policies of arn:aws:iam::123456789012:user/alice`. */
  readonly name: string
  readonly documents: ReadonlyArray<Document>
}

const parts = ["Principal", "Action", "Resource", "Condition"] as const

type Part = (typeof parts)[number]

const listOf = (value: string | ReadonlyArray<string> | undefined): ReadonlyArray<string> =>
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

const isSessionStatement = (statement: Statement): boolean =>
  statement.Principal === undefined &&
  (statement.Action === undefined) !== (statement.NotAction === undefined) &&
  (statement.Resource === undefined) !== (statement.NotResource === undefined)

const lowerKeys = <A>(values: Readonly<Record<string, A>>): Record<string, A> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key.toLowerCase(), value]))

const lowerConditions = (conditions: Conditions): Conditions =>
  Object.fromEntries(Object.entries(conditions).map(([operator, keys]) => [operator, lowerKeys(keys)]))

const statementsOf = ({ Statement: statement }: RamDocument | IamDocument): ReadonlyArray<Statement> =>
  [statement].flat()

/** How a cloud reads its documents. */
interface Language<Document> {
  readonly decode: (text: string) => Option.Option<Document>
  /** The fewest statements of a document. */
  readonly least: number
  /** Whether `*` names every principal. */
  readonly anyone: boolean
  /** Whether condition keys are the same in upper and lower case. */
  readonly caseless: boolean
}

const make = <Document extends RamDocument | IamDocument>({
  anyone,
  caseless,
  decode,
  least
}: Language<Document>) => {
  const principalMatches = ({ Principal }: Statement, principal: Question["principal"]): boolean => {
    if (principal === undefined) return true
    const named: ReadonlyArray<string> =
      Principal === "*" ? ["*"] : listOf(new Map(Object.entries(Principal ?? {})).get(principal.kind))
    return (anyone && named.includes("*")) || principal.names.some((name) => named.includes(name))
  }
  const misfitOf = (statement: Statement, question: Question, context: Context): Part | undefined => {
    const { Condition = {} } = statement
    if (!principalMatches(statement, question.principal)) return "Principal"
    if (!actionMatches(statement, question.action)) return "Action"
    if (!resourceMatches(statement, question.resource)) return "Resource"
    return conditionsHold(caseless ? lowerConditions(Condition) : Condition, context)
      ? undefined
      : "Condition"
  }
  /** What the documents together decide, and by which statement. */
  const decide = (documents: ReadonlyArray<Document>, question: Question): Outcome => {
    const context = caseless ? lowerKeys(question.context) : question.context
    const judged = documents
      .flatMap(statementsOf)
      .map((statement) => ({ statement, misfit: misfitOf(statement, question, context) }))
    const allowing = judged.filter(({ statement }) => statement.Effect === "Allow")
    const decisive =
      judged.find(({ misfit, statement }) => misfit === undefined && statement.Effect === "Deny") ??
      allowing.find(({ misfit }) => misfit === undefined)
    if (decisive !== undefined) return { ...decisive, effect: decisive.statement.Effect }
    const [closest] = parts.flatMap((part) => allowing.filter(({ misfit }) => misfit === part)).reverse()
    return { effect: undefined, statement: closest?.statement, misfit: closest?.misfit }
  }
  /** Whether a set of policies allows what is asked, with a note of what it decided. */
  const allows = (note: Note, policies: string, documents: ReadonlyArray<Document>, question: Question) => {
    const outcome = decide(documents, question)
    note({ policies, action: question.action, ...outcome })
    return outcome.effect === "Allow"
  }
  return {
    decide,
    allows,
    /** Whether a role's trust policy lets a service of the cloud assume it. */
    trustsService: (note: Note, role: string, trustPolicy: Document, name: string): boolean =>
      allows(note, trustOf(role), [trustPolicy], {
        action: "sts:AssumeRole",
        context: {},
        principal: { kind: "Service", names: [name] }
      }),
    /** A session's policy as it is sent: actions and resources, no principals. */
    parse: (text: string): Option.Option<Document> =>
      Option.filter(decode(text), (document) => {
        const statements = statementsOf(document)
        return statements.length >= least && statements.every(isSessionStatement)
      })
  }
}

/** The policies of Alibaba Cloud. */
export const Ram = make({
  decode: Schema.decodeUnknownOption(Schema.fromJsonString(RamDocument), { onExcessProperty: "error" }),
  least: 0,
  anyone: false,
  caseless: false
})

/** The policies of AWS. */
export const Iam = make({
  decode: Schema.decodeUnknownOption(Schema.fromJsonString(IamDocument), { onExcessProperty: "error" }),
  least: 1,
  anyone: true,
  caseless: true
})
