// @ts-check

/** Layers and tests that give a scope: in Effect 4 all do, in Effect 3 those that say so. */
import ts from "typescript"
import { call } from "./shape.mjs"

const layer = "effect/Layer"
const file = `Effect.acquireRelease(Effect.succeed("file"), () => Effect.void)`

/** @type {ReadonlyArray<readonly [name: string, scoped: string, unscoped: string, start: string, end: string]>} */
const layers = [
  ["effect", "scoped", "effect", "store, Effect.as(", ", clock)"],
  ["effectContext", "scopedContext", "effectContext", "Effect.as(", ", Context.empty())"],
  ["effectDiscard", "scopedDiscard", "effectDiscard", "Effect.asVoid(", ")"],
  ["unwrap", "unwrapScoped", "unwrapEffect", "Effect.as(", ", Layer.empty)"]
]

/**
 * What a test runs: `it.effect.each(rows)(title, run)`.
 *
 * @param {ts.Expression} node
 */
const runOf = (node) => {
  /** @type {ts.Node} */
  let one = node
  /** @type {ts.Expression | undefined} */
  let run
  for (; ts.isPropertyAccessExpression(one.parent) || ts.isCallExpression(one.parent); one = one.parent) {
    if (ts.isCallExpression(one.parent) && one.parent.expression !== one) break
    if (ts.isCallExpression(one.parent))
      run = one.parent.arguments.find((each) => ts.isFunctionLike(each)) ?? run
  }
  return run
}

/** @type {ReadonlyArray<import("./shape.mjs").Shape>} */
export const scopes = [
  ...layers.map(([name, scoped, unscoped, start, end]) =>
    call(
      layer,
      name,
      `Layer.${name}(${start}${file}${end})`,
      `Layer.${scoped}(${start}${file}${end})`,
      (node, context) => {
        const made = node.arguments.at(-1)
        const to = made === undefined || context.wantsScope(made) ? scoped : unscoped
        return `${context.name(layer, to)}(${context.list(node.arguments)})`
      }
    )
  ),
  ...[
    ["MethodsNonLive", "effect", "scoped"],
    ["Methods", "live", "scopedLive"]
  ].map(([owner, name = "", scoped]) => ({
    from: `it.${name}.each([1])("ends", () => ${file})`,
    to: `it.${scoped}.each([1])("ends", () => ${file})`,
    kind: ts.SyntaxKind.PropertyAccessExpression,
    rewrite: (
      /** @type {ts.PropertyAccessExpression} */ node,
      /** @type {import("./shape.mjs").Context} */ context
    ) => {
      if (node.name.text !== name || !context.ownersOf(node.name).includes(`@effect/vitest.${owner}`))
        return undefined
      const run = runOf(node)
      return run === undefined || context.wantsScope(run)
        ? `${context.render(node.expression)}.${scoped}`
        : undefined
    }
  }))
]
