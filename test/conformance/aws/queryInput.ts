/**
 * Requests of the query protocol, as the vendor serialises them.
 *
 * What STS has no way to say is left out: host prefixes and labels (every operation goes to the endpoint's own host),
 * compressed bodies, and idempotency tokens that the client makes up. Of a host with a path the body is compared.
 */
import { strictEqual } from "node:assert"
import { body } from "../../../src/protocol/aws/query.js"
import type { Shape } from "../../../src/protocol/shape.js"
import { pure, readJson, type Suite } from "../Suite.js"
import { type Shapes, structureOf } from "./model.js"

interface Vector {
  readonly id: string
  readonly given: {
    readonly name: string
    readonly input?: { readonly shape: string }
    readonly endpoint?: { readonly hostPrefix?: string }
    readonly requestcompression?: unknown
  }
  readonly params: Readonly<Record<string, unknown>>
  readonly serialized: { readonly body: string }
}

interface Group {
  readonly metadata: { readonly apiVersion: string }
  readonly shapes: Shapes
  readonly cases: ReadonlyArray<Vector>
}

const applies =
  (shapes: Shapes) =>
  ({ given, params }: Vector): boolean => {
    const members = Object.entries(shapes[given.input?.shape ?? ""]?.members ?? {})
    return (
      given.endpoint?.hostPrefix === undefined &&
      given.requestcompression === undefined &&
      !members.some(([field, { idempotencyToken }]) => idempotencyToken === true && !(field in params))
    )
  }

// The vectors state time in seconds.
const valueOf = (shape: Shape, value: unknown): unknown => {
  if (shape.type === "timestamp") return Number(value) * 1000
  if (shape.type !== "structure") return value
  return Object.fromEntries(
    Object.entries(value as object).map(([field, item]) => {
      const member = shape.members[field]
      return [field, member === undefined ? item : valueOf(member.shape, item)]
    })
  )
}

export const queryInput: Suite = {
  name: "aws/query-protocol/input.json",
  cases: (path) =>
    readJson<ReadonlyArray<Group>>(path).flatMap(({ cases, metadata, shapes }) =>
      cases.filter(applies(shapes)).map(({ given, id, params, serialized }) =>
        pure(id, () => {
          const input = structureOf(shapes, given.input?.shape)
          const value = valueOf(input, params) as object
          strictEqual(body(given.name, metadata.apiVersion, input, value), serialized.body)
        })
      )
    )
}
