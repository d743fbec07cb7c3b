// @ts-check

/** Results and options: in Effect 3 they are effects, and a result is an Either. */
import ts from "typescript"
import { call, closed, isStep } from "./shape.mjs"

const result = "effect/Result"
const either = "effect/Either"
const effect = "effect/Effect"

/** @type {Readonly<Record<string, string>>} */
const handlers = { onFailure: "onLeft", onSuccess: "onRight" }
/** @type {Readonly<Record<string, string>>} */
const tags = { Failure: "Left", Success: "Right" }

/**
 * Handlers by their names in Effect 3.
 *
 * @param {ts.Node} node
 * @param {import("./shape.mjs").Context} context
 */
const handlersOf = (node, context) =>
  ts.isObjectLiteralExpression(node)
    ? context.object(node, (one) => {
        const name = handlers[one.name?.getText() ?? ""]
        if (name === undefined) return undefined
        if (ts.isShorthandPropertyAssignment(one)) return `${name}: ${one.name.text}`
        if (ts.isPropertyAssignment(one)) return `${name}: ${context.render(one.initializer)}`
        return ts.isMethodDeclaration(one) ? context.render(one).replace(/\w+/, name) : undefined
      })
    : context.render(node)

/**
 * Whether a node reads the tag of a result.
 *
 * @param {ts.Node} node
 * @param {import("./shape.mjs").Context} context
 */
const readsTag = (node, context) =>
  ts.isPropertyAccessExpression(node) &&
  node.name.text === "_tag" &&
  context
    .types(node.expression)
    .some((type) => type === "effect/Result.Success" || type === "effect/Result.Failure")

/** @type {ReadonlyArray<import("./shape.mjs").Shape>} */
export const results = [
  ...["match", "mapBoth"].map((name) =>
    call(
      result,
      name,
      `Result.${name}(Result.succeed(1), { onFailure: () => 0, onSuccess: (value) => value })`,
      `Either.${name}(Either.right(1), { onLeft: () => 0, onRight: (value) => value })`,
      (node, context) =>
        `${context.name(either, name)}(${context.list(node.arguments, (one) => handlersOf(one, context))})`
    )
  ),
  {
    from: `Result.succeed(1)._tag === "Success"`,
    to: `Either.right(1)._tag === "Right"`,
    kind: ts.SyntaxKind.StringLiteral,
    rewrite: (node, context) => {
      const tag = Object.hasOwn(tags, node.text) ? tags[node.text] : undefined
      if (tag === undefined) return undefined
      const { parent } = node
      const near = ts.isBinaryExpression(parent)
        ? [parent.left, parent.right]
        : ts.isCaseClause(parent)
          ? [parent.parent.parent.expression]
          : ts.isCallExpression(parent)
            ? [...parent.arguments, ...expected(parent)]
            : []
      return near.some((one) => readsTag(one, context)) ? JSON.stringify(tag) : undefined
    }
  },
  ...["fromResult", "fromOption"].map((name) => {
    const [from, to] =
      name === "fromResult" ? ["Result.succeed(1)", "Either.right(1)"] : ["Option.some(1)", "Option.some(1)"]
    return call(
      effect,
      name,
      `Effect.asVoid(Effect.${name}(${from}))`,
      `Effect.asVoid(${to})`,
      (node, context) => {
        const [value, ...others] = node.arguments
        if (value === undefined || others.length > 0) return undefined
        const text = context.render(value)
        return ts.isPropertyAccessExpression(node.parent) ? closed(value, text) : text
      }
    )
  }),
  call(
    effect,
    "fromOption",
    `Effect.fromOption(Option.some(1), () => "none")`,
    `Effect.orElseFail(Option.some(1), () => "none")`,
    (node, context) =>
      node.arguments.length === 2
        ? `${context.name(effect, "orElseFail")}(${context.list(node.arguments)})`
        : undefined
  ),
  {
    from: "Effect.succeed(Result.succeed(1)).pipe(Effect.flatMap(Effect.fromResult))",
    to: "Effect.succeed(Either.right(1)).pipe(Effect.flatten)",
    kind: ts.SyntaxKind.CallExpression,
    rewrite: (node, context) => {
      const last = node.arguments.at(-1)
      if (
        !context.is(node.expression, effect, "flatMap") ||
        !context.is(last, effect, "fromResult", "fromOption")
      )
        return undefined
      const [value] = node.arguments
      const flatten = context.name(effect, "flatten")
      return node.arguments.length === 1 || value === undefined
        ? flatten
        : `${flatten}(${context.render(value)})`
    }
  },
  {
    from: "Result.succeed(1).pipe(Effect.fromResult, Effect.asVoid)",
    to: "Either.right(1).pipe(Effect.asVoid)",
    kind: ts.SyntaxKind.CallExpression,
    rewrite: (node, context) => {
      const { arguments: list } = node
      const kept = list.filter(
        (/** @type {ts.Expression} */ one) =>
          !(context.is(one, effect, "fromResult", "fromOption") && isStep(one))
      )
      if (kept.length === list.length) return undefined
      const isMethod = ts.isPropertyAccessExpression(node.expression)
      if (isMethod && kept.length === 0) return context.render(node.expression.expression)
      return `${context.render(node.expression)}(${kept.map(context.render).join(", ")})`
    }
  }
]

/**
 * What is looked at in `expect(value).toBe("Success")`.
 *
 * @param {ts.CallExpression} node
 */
const expected = ({ expression }) =>
  ts.isPropertyAccessExpression(expression) && ts.isCallExpression(expression.expression)
    ? expression.expression.arguments
    : []
