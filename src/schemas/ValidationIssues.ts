/** What a failed parse says, without the values that failed. */
import * as Arr from "effect/Array"
import * as AST from "effect/SchemaAST"
import type * as SchemaIssue from "effect/SchemaIssue"
import type { ValidationIssue } from "./StsError.js"

const pathText = (path: ReadonlyArray<PropertyKey>): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`,
    ""
  )

/** An optional field is a union with undefined, whose other member has the rule. */
const stated = (ast: AST.AST): AST.AST =>
  AST.isUnion(ast) && AST.resolveDescription(ast) === undefined
    ? (ast.types.find((member) => !AST.isUndefined(member)) ?? ast)
    : ast

/** What a value must be, in words: where a schema says nothing itself, its own text would be a type of TypeScript. */
const wordsOf = (ast: AST.AST): string => {
  const said = AST.resolveDescription(ast)
  if (said !== undefined) return said
  switch (ast._tag) {
    case "Arrays":
      return "a list"
    case "Objects":
    case "Declaration":
      return "an object"
    case "Literal":
      return String(ast.literal)
    case "Union":
      return [...new Set(ast.types.filter((one) => !AST.isUndefined(one)).map(wordsOf))].join(" or ")
    default:
      return "of another type"
  }
}

const ruleOf = (ast: AST.AST): string => {
  const words = wordsOf(stated(ast))
  return words.startsWith("must ") ? words : `must be ${words}`
}

/** That the value is not the `undefined` which an optional field may be. */
const isAbsence = (issue: SchemaIssue.Issue): boolean =>
  issue._tag === "InvalidType" && AST.isUndefined(issue.ast)

const walk = (issue: SchemaIssue.Issue, path: ReadonlyArray<PropertyKey>): ReadonlyArray<ValidationIssue> => {
  const broken = (rule: string) => [{ field: path.length === 0 ? "request" : pathText(path), rule }]
  switch (issue._tag) {
    case "Pointer":
      return walk(issue.issue, path.concat(issue.path))
    case "MissingKey":
      return broken("is required")
    case "UnexpectedKey":
      return broken("is not a field of this operation")
    case "Composite":
      return issue.issues.flatMap((one) => walk(one, path))
    case "AnyOf": {
      const [only, ...others] = issue.issues.filter((one) => !isAbsence(one))
      return only !== undefined && others.length === 0 ? walk(only, path) : broken(ruleOf(issue.ast))
    }
    case "Filter": {
      const words = issue.filter.annotations?.["description"]
      // A rule about several fields points at one of them.
      if (issue.issue._tag === "Pointer") return walk(issue.issue, path)
      return broken(typeof words === "string" ? words : "is malformed")
    }
    case "InvalidValue":
      return broken(String(issue.annotations?.["message"] ?? "is malformed"))
    case "Encoding":
      return walk(issue.issue, path)
    case "InvalidType":
    case "OneOf":
      return broken(ruleOf(issue.ast))
    case "Forbidden":
      return broken("is malformed")
  }
}

/** Every broken rule of a failed parse: the field's path and the rule in words, never the value. */
export const issuesOf = (issue: SchemaIssue.Issue): Arr.NonEmptyReadonlyArray<ValidationIssue> => {
  const issues = walk(issue, [])
  return Arr.isReadonlyArrayNonEmpty(issues) ? issues : [{ field: "request", rule: "is malformed" }]
}
