// @ts-check

/** Services and references: what stands in a context. */
import ts from "typescript"
import { call } from "./shape.mjs"

const context3 = "effect/Context"

/** @type {ReadonlyArray<import("./shape.mjs").Shape>} */
export const contexts = [
  {
    from: `export class Store extends Context.Service<Store, { readonly get: () => string }>()("Store") {}`,
    to: `export class Store extends Context.Tag("Store")<Store, { readonly get: () => string }>() {}`,
    kind: ts.SyntaxKind.CallExpression,
    rewrite: (node, context) => {
      const inner = node.expression
      if (!ts.isCallExpression(inner) || !context.is(inner.expression, context3, "Service")) return undefined
      const types = inner.typeArguments
      if (types === undefined || node.arguments.length !== 1) return undefined
      return `${context.name(context3, "Tag")}(${context.list(node.arguments)})<${context.list(types)}>()`
    }
  },
  call(
    context3,
    "Service",
    `export const Store = Context.Service<"Store", string>("Store")`,
    `export const Store = Context.GenericTag<"Store", string>("Store")`,
    (node, context) =>
      node.typeArguments && node.arguments.length === 1
        ? `${context.name(context3, "GenericTag")}<${context.list(node.typeArguments)}>(${context.list(node.arguments)})`
        : undefined
  ),
  {
    from: "export declare const make: <Id, Value>(tag: Context.Service<Id, Value>) => Value",
    to: "export declare const make: <Id, Value>(tag: Context.Tag<Id, Value>) => Value",
    kind: ts.SyntaxKind.TypeReference,
    rewrite: (node, context) =>
      context.is(node.typeName, context3, "Service") && node.typeArguments
        ? `${context.name(context3, "Tag", false)}<${context.list(node.typeArguments)}>`
        : undefined
  },
  {
    from: `export declare const client: HttpClient.HttpClient["Service"]`,
    to: `export declare const client: typeof HttpClient.HttpClient["Service"]`,
    kind: ts.SyntaxKind.IndexedAccessType,
    rewrite: (node, context) =>
      ts.isTypeReferenceNode(node.objectType) &&
      ts.isLiteralTypeNode(node.indexType) &&
      node.indexType.getText() === `"Service"`
        ? `typeof ${context.render(node.objectType)}["Service"]`
        : undefined
  },
  {
    from: `export const Limit = Context.Reference<number>("Limit", { defaultValue: () => 1 })`,
    to: `export class Limit extends Context.Reference<Limit>()<"Limit", number>("Limit", { defaultValue: () => 1 }) {}`,
    kind: ts.SyntaxKind.VariableStatement,
    rewrite: (node, context) => {
      const [declared, ...others] = node.declarationList.declarations
      const made = declared?.initializer
      if (others.length > 0 || made === undefined || !ts.isCallExpression(made)) return undefined
      if (!context.is(made.expression, context3, "Reference") || declared.type !== undefined) return undefined
      const name = declared.name.getText()
      const modifiers = (node.modifiers ?? [])
        .map((/** @type {ts.Node} */ one) => `${one.getText()} `)
        .join("")
      return `${modifiers}class ${name} extends ${referenceOf(name, made, context)} {}`
    }
  },
  {
    from: `export class Limit extends Context.Reference("Limit", { defaultValue: () => 1 }) {}`,
    to: `export class Limit extends Context.Reference<Limit>()("Limit", { defaultValue: () => 1 }) {}`,
    kind: ts.SyntaxKind.CallExpression,
    rewrite: (node, context) => {
      const owner = ts.isExpressionWithTypeArguments(node.parent) ? node.parent.parent.parent : undefined
      return owner !== undefined &&
        ts.isClassDeclaration(owner) &&
        owner.name !== undefined &&
        context.is(node.expression, context3, "Reference")
        ? referenceOf(owner.name.text, node, context)
        : undefined
    }
  }
]

/**
 * @param {string} name
 * @param {ts.CallExpression} node
 * @param {import("./shape.mjs").Context} context
 */
const referenceOf = (name, node, context) => {
  const types =
    node.typeArguments === undefined
      ? ""
      : `<${node.arguments[0]?.getText()}, ${context.list(node.typeArguments)}>`
  return `${context.name(context3, "Reference")}<${name}>()${types}(${context.list(node.arguments)})`
}
