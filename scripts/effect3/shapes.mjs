// @ts-check

/** The rules that know more than a name, by the kind of node that they are for. */
import { contexts } from "./shapes/context.mjs"
import { effects } from "./shapes/effects.mjs"
import { platform } from "./shapes/platform.mjs"
import { references } from "./shapes/references.mjs"
import { results } from "./shapes/results.mjs"
import { schemas } from "./shapes/schema.mjs"
import { scopes } from "./shapes/scopes.mjs"

export const allShapes = [
  ...contexts,
  ...results,
  ...references,
  ...effects,
  ...schemas,
  ...scopes,
  ...platform
]

/** @type {Map<import("typescript").SyntaxKind, Array<import("./shapes/shape.mjs").Shape>>} */
export const shapes = new Map()
for (const shape of allShapes) shapes.set(shape.kind, [...(shapes.get(shape.kind) ?? []), shape])
