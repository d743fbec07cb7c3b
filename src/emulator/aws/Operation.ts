/**
 * What an operation of the emulated service is, and what it is given: the parameters that its declaration names, read and
 * checked by the same shapes that the client writes them by.
 *
 * Source: "AWS Query protocol" and "Constraint traits", Smithy documentation.
 */
import type * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Parameters } from "../../protocol/encoding.js"
import type { Bounds, List, Scalar, Shape, Structure } from "../../protocol/shape.js"
import type { AwsOperation, Plain } from "../../schemas/Operation.js"
import type { Authentication } from "../../schemas/Request.js"
import type { Refusal } from "../Service.js"
import type { Caller } from "./Identity.js"
import * as Refusals from "./Refusals.js"
import type { State } from "./State.js"

/** One call. */
export interface Call<Fields, Auth extends Authentication = "signed"> {
  /** By this library's names, and as the service wants them. */
  readonly fields: Fields
  readonly caller: Auth extends "signed" ? Caller : undefined
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly now: number
}

type Run<Fields, Auth extends Authentication> = (
  state: State,
  call: Call<Fields, Auth>
) => Effect.Effect<object, Refusal>

/** An operation: how it looks on the wire, and its answer by this library's names. */
export interface Operation {
  readonly name: string
  readonly authentication: Authentication
  readonly globalEndpoint: boolean
  readonly input: Structure
  readonly output: Structure
  run(state: State, call: Call<unknown, Authentication>): Effect.Effect<object, Refusal>
}

/** A declared operation and how it is answered. */
export const operation = <
  Auth extends Authentication,
  Request extends object,
  Input,
  Response,
  Code extends string
>(
  declared: AwsOperation<Auth, Request, Input, Response, Code>,
  run: Run<Plain<Input>, Auth>
): Operation => ({ ...declared, run })

type Fields = Readonly<Record<string, unknown>>

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

const readFields = (shape: Structure, parameters: Parameters, prefix = ""): Fields =>
  Object.fromEntries(
    Object.entries(shape.members).map(([field, member]) => [
      field,
      readShape(member.shape, parameters, prefix + member.name)
    ])
  )

const failed = (path: string, shown: string, rule: string): string =>
  `Value${shown} at '${path}' failed to satisfy constraint: Member must ${rule}`

const boundRules = (measure: string, size: number, { max, min }: Bounds): ReadonlyArray<string> => [
  ...(min !== undefined && size < min ? [`have ${measure} greater than or equal to ${min}`] : []),
  ...(max !== undefined && size > max ? [`have ${measure} less than or equal to ${max}`] : [])
]

const textRules = (shape: Scalar, value: string): ReadonlyArray<string> => {
  const { pattern, values } = shape
  return [
    ...boundRules("length", [...value].length, shape),
    ...(pattern !== undefined && !new RegExp(`^(?:${pattern})$`, "u").test(value)
      ? [`satisfy regular expression pattern: ${pattern}`]
      : []),
    ...(values !== undefined && !values.includes(value)
      ? [`satisfy enum value set: [${values.join(", ")}]`]
      : [])
  ]
}

/** What is wrong with a value, in the service's words. A sensitive one is not repeated. */
const violations = (shape: Shape, path: string, value: unknown): ReadonlyArray<string> => {
  const broken = (rules: ReadonlyArray<string>, shown: string) =>
    rules.map((rule) => failed(path, shown, rule))
  if (shape.type === "structure") return missingOrWrong(shape, `${path}.`, value as Fields)
  if (shape.type === "list") {
    const items = value as ReadonlyArray<unknown>
    return [
      ...broken(boundRules("length", items.length, shape), ""),
      ...items.flatMap((item, index) => violations(shape.member, `${path}.${index + 1}.member`, item))
    ]
  }
  if (typeof value === "number") {
    return Number.isNaN(value)
      ? [failed(path, "", "be a whole number")]
      : broken(boundRules("value", value, shape as Scalar), ` '${value}'`)
  }
  const text = String(value)
  const { sensitive } = shape as Scalar
  return broken(textRules(shape as Scalar, text), sensitive === true ? "" : ` '${text}'`)
}

const missingOrWrong = ({ members }: Structure, prefix: string, fields: Fields): ReadonlyArray<string> =>
  Object.entries(members).flatMap(([field, { required, shape }]) => {
    const path = prefix + field
    if (fields[field] !== undefined) return violations(shape, path, fields[field])
    return required === true ? [failed(path, " null", "not be null")] : []
  })

/** What parameters say of an operation's fields, or everything that is wrong with them in one refusal. */
export const fieldsOf = ({ input }: Operation, parameters: Parameters): Result.Result<Fields, Refusal> => {
  const fields = readFields(input, parameters)
  const wrong = missingOrWrong(input, "", fields)
  const count = `${wrong.length} validation error${wrong.length === 1 ? "" : "s"} detected`
  return wrong.length === 0
    ? Result.succeed(fields)
    : Result.fail(Refusals.validation(`${count}: ${wrong.join("; ")}`))
}
