/**
 * Parameters of the AWS query protocol, read by the shape of what they hold.
 *
 * Source: "AWS Query protocol", Smithy documentation.
 */
import type { List, Shape, Structure } from "../../protocol/aws/query.js"
import type { Parameters } from "../../protocol/percentEncoding.js"

const isPresent = (parameters: Parameters, path: string): boolean =>
  parameters[path] !== undefined || Object.keys(parameters).some((name) => name.startsWith(`${path}.`))

const readList = (shape: List, parameters: Parameters, path: string): ReadonlyArray<unknown> => {
  const prefix = shape.flattened === true ? path : `${path}.${shape.memberName ?? "member"}`
  const items: Array<unknown> = []
  for (let index = 1; isPresent(parameters, `${prefix}.${index}`); index++) {
    items.push(readShape(shape.member, parameters, `${prefix}.${index}`))
  }
  return items
}

const readShape = (shape: Shape, parameters: Parameters, path: string): unknown => {
  if (!isPresent(parameters, path)) return undefined
  switch (shape.type) {
    case "structure":
      return read(shape, parameters, `${path}.`)
    case "list":
      return readList(shape, parameters, path)
    case "integer":
    case "long":
      return /^-?\d+$/.test(parameters[path] ?? "") ? Number(parameters[path]) : Number.NaN
    default:
      return parameters[path]
  }
}

/** The fields of a structure, by this library's names; those that are absent are undefined. */
export const read = (
  shape: Structure,
  parameters: Parameters,
  prefix = ""
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(shape.members).map(([field, member]) => [
      field,
      readShape(member.shape, parameters, prefix + member.name)
    ])
  )
