/**
 * Replies of the query protocol, as the vendor reads them.
 */
import { deepStrictEqual, strictEqual } from "node:assert"
import * as Result from "effect/Result"
import { errorOf, resultOf } from "../../../src/protocol/aws/query.js"
import { parse, valueOf } from "../../../src/protocol/aws/xml.js"
import type { Shape } from "../../../src/protocol/shape.js"
import { pure, readJson, type Suite } from "../Suite.js"
import { type Shapes, structureOf } from "./model.js"

interface Vector {
  readonly id: string
  readonly given: {
    readonly name: string
    readonly output?: { readonly shape: string }
    readonly errors?: ReadonlyArray<{ readonly shape: string }>
  }
  readonly result?: unknown
  readonly error?: unknown
  readonly errorCode?: string
  readonly errorMessage?: string
  readonly response: { readonly body?: string }
}

interface Group {
  readonly shapes: Shapes
  readonly cases: ReadonlyArray<Vector>
}

// The vectors state time in seconds, bytes as text and what is no number as its name.
const stated = (shape: Shape, value: unknown): unknown => {
  switch (shape.type) {
    case "timestamp":
      return (value as Date).getTime() / 1000
    case "blob":
      return Buffer.from(value as Uint8Array).toString()
    case "float":
    case "double":
      return Number.isFinite(value) ? value : String(value)
    case "list":
      return (value as ReadonlyArray<unknown>).map((item) => stated(shape.member, item))
    case "structure":
      return Object.fromEntries(
        Object.entries(value as object).map(([field, item]) => {
          const member = shape.members[field]
          return [field, member === undefined ? item : stated(member.shape, item)]
        })
      )
    default:
      return value
  }
}

const check = (shapes: Shapes, { given, response, ...expected }: Vector): void => {
  if (response.body === undefined) {
    deepStrictEqual(structureOf(shapes, given.output?.shape).members, {})
    return
  }
  const root = Result.getOrThrow(parse(response.body))
  if (expected.errorCode === undefined) {
    const output = structureOf(shapes, given.output?.shape)
    deepStrictEqual(stated(output, Result.getOrThrow(resultOf(given.name, output, root))), expected.result)
    return
  }
  const error = errorOf(root)
  strictEqual(error?.code, expected.errorCode)
  strictEqual(error.message, expected.errorMessage)
  strictEqual(error.requestId, "foo-id")
  const shape = structureOf(shapes, given.errors?.[0]?.shape)
  deepStrictEqual(Result.getOrThrow(valueOf(shape, error.element)), expected.error)
}

export const queryOutput: Suite = {
  name: "aws/query-protocol/output.json",
  cases: (path) =>
    readJson<ReadonlyArray<Group>>(path).flatMap(({ cases, shapes }) =>
      cases.map((vector) => pure(vector.id, () => check(shapes, vector)))
    )
}
