// The tree of a parser's issues has other nodes.
import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import type * as ParseResult from "effect/ParseResult"
import * as AST from "effect/SchemaAST"
import type { ValidationIssue } from "./StsError.js"

const pathText = (path: ReadonlyArray<PropertyKey>): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`,
    ""
  )

/** An optional field is a union with undefined, whose other member has the rule. */
const stated = (ast: AST.AST): AST.AST =>
  AST.isUnion(ast) && Option.isNone(AST.getDescriptionAnnotation(ast))
    ? (ast.types.find((member) => !AST.isUndefinedKeyword(member)) ?? ast)
    : ast

/** What a value must be, in words: where a schema says nothing itself, its own text would be a type of TypeScript. */
const wordsOf = (ast: AST.AST): string =>
  Option.getOrElse(AST.getDescriptionAnnotation(ast), () => {
    switch (ast._tag) {
      case "TupleType":
        return "a list"
      case "TypeLiteral":
      case "Declaration":
        return "an object"
      case "Literal":
        return String(ast.literal)
      case "Union":
        return [...new Set(ast.types.filter((one) => !AST.isUndefinedKeyword(one)).map(wordsOf))].join(" or ")
      case "Refinement":
      case "Transformation":
        return wordsOf(ast.from)
      default:
        return "of another type"
    }
  })

const ruleOf = (ast: AST.AST): string => {
  const words = wordsOf(stated(ast))
  return words.startsWith("must ") ? words : `must be ${words}`
}

/** That the value is not the `undefined` which an optional field may be. */
const isAbsence = (issue: ParseResult.ParseIssue): boolean =>
  issue._tag === "Type" && AST.isUndefinedKeyword(issue.ast)

const walk = (
  issue: ParseResult.ParseIssue,
  path: ReadonlyArray<PropertyKey>
): ReadonlyArray<ValidationIssue> => {
  const broken = (rule: string) => [{ field: path.length === 0 ? "request" : pathText(path), rule }]
  switch (issue._tag) {
    case "Pointer":
      return walk(issue.issue, path.concat(issue.path))
    case "Missing":
      return broken("is required")
    case "Unexpected":
      return broken("is not a field of this operation")
    case "Composite": {
      const inner = Arr.ensure(issue.issues)
      if (!AST.isUnion(issue.ast)) return inner.flatMap((one) => walk(one, path))
      const [only, ...others] = inner.filter((one) => !isAbsence(one))
      return only !== undefined && others.length === 0 ? walk(only, path) : broken(ruleOf(issue.ast))
    }
    case "Refinement":
      // A rule about several fields points at one of them.
      return issue.kind === "From" || issue.issue._tag === "Pointer"
        ? walk(issue.issue, path)
        : broken(ruleOf(issue.ast))
    case "Transformation":
      return issue.kind === "Transformation" ? broken(ruleOf(issue.ast)) : walk(issue.issue, path)
    case "Type":
    case "Forbidden":
      return broken(ruleOf(issue.ast))
  }
}

export const issuesOf = (issue: ParseResult.ParseIssue): Arr.NonEmptyReadonlyArray<ValidationIssue> => {
  const issues = walk(issue, [])
  return Arr.isNonEmptyReadonlyArray(issues) ? issues : [{ field: "request", rule: "is malformed" }]
}
