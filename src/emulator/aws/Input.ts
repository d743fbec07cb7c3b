/**
 * A request as AWS reads it, however it is signed, and its parameters by the shape of what they hold.
 *
 * Source: "AWS Query protocol", Smithy documentation.
 */

import type { List, Shape, Structure } from "../../protocol/aws/query.js"
import type { Pairs, Parameters } from "../../protocol/encoding.js"
import { bodyText, type WireRequest } from "../Service.js"

/** Where the signature is: in the headers, in the URL, or nowhere. */
export type Form = "sigv4" | "presigned" | "anonymous"

/** A request as the service reads it. */
export interface Input {
  readonly form: Form
  readonly host: string
  /** In the order they came, the signature's own among them. */
  readonly query: Pairs
  readonly action: string | undefined
  readonly version: string | undefined
  /** Of the query and the body. */
  readonly parameters: Parameters
}

const isForm = (type: string | undefined): boolean =>
  type === undefined || type.split(";")[0]?.trim().toLowerCase() === "application/x-www-form-urlencoded"

const pairsOf = (text: string): Pairs => [...new URLSearchParams(text)]

const signing = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"]

/** Reads a request. */
export const read = (request: WireRequest): Input => {
  const { headers } = request
  const query = pairsOf(request.query)
  const form = isForm(headers["content-type"]) ? pairsOf(bodyText(request)) : []
  const parameters: Parameters = Object.fromEntries([...query, ...form])
  const isPresigned = signing.some((name) => parameters[name] !== undefined)
  return {
    form: headers["authorization"] !== undefined ? "sigv4" : isPresigned ? "presigned" : "anonymous",
    host: headers["host"] ?? "",
    query,
    action: parameters["Action"],
    version: parameters["Version"],
    parameters
  }
}

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
      return readFields(shape, parameters, `${path}.`)
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
export const readFields = (
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
