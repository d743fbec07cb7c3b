// @ts-check

/** Schemas: lists of members, records and checks. */
import ts from "typescript"
import { call, isStep, method, property } from "./shape.mjs"

const schema = "effect/Schema"

/** What Effect 3 calls the checks that take the same arguments. @type {Readonly<Record<string, string>>} */
const checks = {
  makeFilter: "filter",
  isPattern: "pattern",
  isGreaterThan: "greaterThan",
  isGreaterThanOrEqualTo: "greaterThanOrEqualTo"
}

/**
 * A function that takes a list, and in Effect 3 its elements.
 *
 * @param {string} name
 * @param {string} to
 */
const listed = (name, to) =>
  call(
    schema,
    name,
    `Schema.${name}(["a", "b"])`,
    `Schema.${to}("a", "b")`,
    ({ arguments: [list] }, context) => {
      if (list === undefined) return undefined
      const elements = ts.isArrayLiteralExpression(list)
        ? context.list(list.elements)
        : `...${context.render(list)}`
      return `${context.name(schema, to)}(${elements})`
    }
  )

/**
 * A check, as the step of a pipe that it is in Effect 3.
 *
 * @param {ts.Expression} node
 * @param {import("./shape.mjs").Context} context
 */
const stepOf = (node, context) => {
  if (!ts.isCallExpression(node)) return undefined
  const list = node.arguments
  const { expression } = node
  for (const [name, to] of Object.entries(checks)) {
    if (context.is(expression, schema, name)) return `${context.name(schema, to)}(${context.list(list)})`
  }
  const [minimum, maximum] = ["minimum", "maximum"].map((name) => property(list[0], name))
  if (context.is(expression, schema, "isBetween") && minimum !== undefined && maximum !== undefined) {
    const all = [minimum, maximum, ...list.slice(1)].map(context.render)
    return `${context.name(schema, "between")}(${all.join(", ")})`
  }
  return undefined
}

/**
 * @param {ReadonlyArray<ts.Expression>} nodes
 * @param {import("./shape.mjs").Context} context
 */
const stepsOf = (nodes, context) => {
  const steps = nodes.map((node) => stepOf(node, context))
  return steps.every((step) => step !== undefined) ? steps.join(", ") : undefined
}

/** @type {ReadonlyArray<import("./shape.mjs").Shape>} */
export const schemas = [
  {
    from: "export declare const json: Schema.Json",
    to: "export declare const json: unknown",
    kind: ts.SyntaxKind.TypeReference,
    rewrite: (node, context) => (context.is(node.typeName, schema, "Json") ? "unknown" : undefined)
  },
  {
    from: "export type Of<Self, Fields extends Schema.Struct.Fields> = Schema.Class<Self, Schema.Struct<Fields>, {}>",
    to: "export type Of<Self, Fields extends Schema.Struct.Fields> = Schema.Class<Self, Fields, Schema.Struct.Encoded<Fields>, never, Schema.Struct.Constructor<Fields>, {}, {}>",
    kind: ts.SyntaxKind.TypeReference,
    rewrite: (node, context) => {
      const [self, struct, inherited] = node.typeArguments ?? []
      if (!context.is(node.typeName, schema, "Class") || inherited === undefined) return undefined
      if (!ts.isTypeReferenceNode(struct) || !context.is(struct.typeName, schema, "Struct")) return undefined
      const name = (/** @type {string} */ path) => context.name(schema, path, false)
      const fields = context.list(struct.typeArguments ?? ts.factory.createNodeArray())
      const made = `${name("Struct.Encoded")}<${fields}>, never, ${name("Struct.Constructor")}<${fields}>`
      return `${name("Class")}<${context.render(self)}, ${fields}, ${made}, ${context.render(inherited)}, {}>`
    }
  },
  {
    from: `Schema.String.pipe(Schema.check(Schema.makeFilter(() => ({ path: ["name"], issue: "must be short" }))))`,
    to: `Schema.String.pipe(Schema.filter(() => ({ path: ["name"], message: "must be short" })))`,
    kind: ts.SyntaxKind.PropertyAssignment,
    rewrite: (node, context) =>
      node.name.getText() === "issue" && property(node.parent, "path") !== undefined
        ? `message: ${context.render(node.initializer)}`
        : undefined
  },
  listed("Literals", "Literal"),
  listed("Union", "Union"),
  listed("Tuple", "Tuple"),
  call(
    schema,
    "Record",
    "Schema.Record(Schema.String, Schema.Number)",
    "Schema.Record({ key: Schema.String, value: Schema.Number })",
    ({ arguments: [key, value] }, context) =>
      key &&
      value &&
      `${context.name(schema, "Record")}({ key: ${context.render(key)}, value: ${context.render(value)} })`
  ),
  call(
    schema,
    "check",
    `Schema.String.pipe(Schema.check(Schema.makeFilter((text) => text !== "")))`,
    `Schema.String.pipe(Schema.filter((text) => text !== ""))`,
    (node, context) => (isStep(node) ? stepsOf(node.arguments, context) : undefined)
  ),
  method(
    "effect/Schema.BottomWithoutNew",
    "check",
    "Schema.Number.check(Schema.isBetween({ minimum: 1, maximum: 2 }))",
    "Schema.Number.pipe(Schema.between(1, 2))",
    (node, receiver, context) => {
      const steps = stepsOf(node.arguments, context)
      return steps && `${context.render(receiver)}.pipe(${steps})`
    }
  )
]
