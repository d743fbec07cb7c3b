/**
 * The vendor's API models, read into shapes.
 */
import * as shape from "../../../src/protocol/shape.js"

interface Reference {
  readonly shape: string
  readonly locationName?: string
  readonly flattened?: boolean
  readonly idempotencyToken?: boolean
}

interface Definition {
  readonly type: string
  readonly members?: Readonly<Record<string, Reference>>
  readonly member?: Reference
  readonly key?: Reference
  readonly value?: Reference
  readonly flattened?: boolean
  readonly timestampFormat?: shape.TimestampFormat
}

export type Shapes = Readonly<Record<string, Definition>>

const named = <Name extends string>(
  name: Name,
  reference: Reference
): { readonly [name in Name]?: string } =>
  reference.locationName === undefined
    ? {}
    : ({ [name]: reference.locationName } as { [name in Name]: string })

/** A structure whose members are looked up when they are needed: models hold circles. */
export const structureOf = (shapes: Shapes, name: string | undefined): shape.Structure => ({
  type: "structure",
  get members() {
    const members = Object.entries(shapes[name ?? ""]?.members ?? {})
    return Object.fromEntries(
      members.map(([field, reference]) => [
        field,
        { name: reference.locationName ?? field, shape: shapeOf(shapes, reference) }
      ])
    )
  }
})

/** What a reference refers to. */
export const shapeOf = (shapes: Shapes, reference: Reference): shape.Shape => {
  const definition = shapes[reference.shape]
  const { key, member, timestampFormat, type, value } = definition ?? { type: "string" }
  if (type === "structure") return structureOf(shapes, reference.shape)
  if (type === "timestamp") {
    return timestampFormat === undefined ? shape.timestamp : shape.timestampAs(timestampFormat)
  }
  const flattened = reference.flattened === true || definition?.flattened === true
  if (member !== undefined) {
    return shape.list(shapeOf(shapes, member), { flattened, ...named("memberName", member) })
  }
  if (key !== undefined && value !== undefined) {
    const names = { ...named("keyName", key), ...named("valueName", value) }
    return shape.map(shapeOf(shapes, key), shapeOf(shapes, value), { flattened, ...names })
  }
  return { type } as shape.Scalar
}
