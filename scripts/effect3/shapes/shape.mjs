// @ts-check

/** How a rule is written that knows more than a name: what stands around it, and what it becomes. */
import ts from "typescript"

/** @typedef {import("../derive.mjs").Context} Context */

/**
 * An example is what the rule is for, its test, and its name unless several have one together. What a rule returns for
 * other uses is undefined.
 *
 * @typedef {{
 *   readonly name?: string
 *   readonly from: string
 *   readonly to: string
 *   readonly kind: ts.SyntaxKind
 *   readonly rewrite: (node: any, context: Context) => string | undefined
 * }} Shape
 */

/**
 * A rule for the calls of a function.
 *
 * @param {string} module
 * @param {string | ReadonlyArray<string>} path
 * @param {string} from
 * @param {string} to
 * @param {(call: ts.CallExpression, context: Context) => string | undefined} rewrite
 * @returns {Shape}
 */
export const call = (module, path, from, to, rewrite) => ({
  from,
  to,
  kind: ts.SyntaxKind.CallExpression,
  rewrite: (node, context) =>
    context.is(node.expression, module, ...[path].flat()) ? rewrite(node, context) : undefined
})

/**
 * A rule for the calls of a member of a value whose type Effect declares.
 *
 * @param {string} owner
 * @param {string} member
 * @param {string} from
 * @param {string} to
 * @param {(call: ts.CallExpression, receiver: ts.Expression, context: Context) => string | undefined} rewrite
 * @returns {Shape}
 */
export const method = (owner, member, from, to, rewrite) => ({
  from,
  to,
  kind: ts.SyntaxKind.CallExpression,
  rewrite: (node, context) => {
    const callee = node.expression
    return ts.isPropertyAccessExpression(callee) &&
      callee.name.text === member &&
      context.ownersOf(callee.name).includes(owner)
      ? rewrite(node, callee.expression, context)
      : undefined
  }
})

/**
 * The property of an object that is written out.
 *
 * @param {ts.Node | undefined} node
 * @param {string} name
 */
export const property = (node, name) => {
  if (node === undefined || !ts.isObjectLiteralExpression(node)) return undefined
  const found = node.properties.find((one) => one.name !== undefined && one.name.getText() === name)
  return found !== undefined && ts.isPropertyAssignment(found) ? found.initializer : undefined
}

/**
 * An expression in a place where only a short one may stand: `x` of `x.pipe(...)`.
 *
 * @param {ts.Node} node
 * @param {string} text
 */
export const closed = (node, text) =>
  ts.isConditionalExpression(node) ||
  ts.isBinaryExpression(node) ||
  ts.isArrowFunction(node) ||
  ts.isYieldExpression(node) ||
  ts.isAwaitExpression(node) ||
  ts.isAsExpression(node)
    ? `(${text})`
    : text

/**
 * Whether a node is one of the steps of a pipe, without what is piped.
 *
 * @param {ts.Node} node
 */
export const isStep = (node) => {
  const { parent } = node
  if (!ts.isCallExpression(parent) || parent.expression === node) return false
  const { expression } = parent
  return ts.isPropertyAccessExpression(expression)
    ? expression.name.text === "pipe"
    : ts.isIdentifier(expression) &&
        (expression.text === "flow" || (expression.text === "pipe" && parent.arguments[0] !== node))
}
