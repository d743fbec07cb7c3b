/**
 * The query protocol, from the service's side: requests read and checked, and results written, by the same shapes that the
 * client writes and reads them by.
 *
 * Source: "AWS Query protocol" and "Constraint traits", Smithy documentation.
 */
import * as Result from "effect/Result"
import { formatTimestamp, type Parameters } from "../../protocol/encoding.js"
import type { Bounds, List, Scalar, Shape, Structure } from "../../protocol/shape.js"
import { escapeMarkup, type Refusal, type WireReply } from "../Service.js"
import * as Refusals from "./Refusals.js"

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

/** What parameters say of the fields of an operation, or everything that is wrong with them in one refusal. */
export const fieldsOf = (input: Structure, parameters: Parameters): Result.Result<Fields, Refusal> => {
  const fields = readFields(input, parameters)
  const wrong = missingOrWrong(input, "", fields)
  const count = `${wrong.length} validation error${wrong.length === 1 ? "" : "s"} detected`
  return wrong.length === 0
    ? Result.succeed(fields)
    : Result.fail(Refusals.validation(`${count}: ${wrong.join("; ")}`))
}

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

// Line ends are escaped too, so that indenting changes no text.
const escapeXml = (text: string): string => escapeMarkup(text).replace(/\n/g, "&#xA;").replace(/\r/g, "&#xD;")

const indented = (content: string): string => content.replace(/^/gm, "  ")

const parent = (name: string, children: ReadonlyArray<string>, attributes = ""): string =>
  children.length === 0
    ? `<${name}${attributes}/>`
    : `<${name}${attributes}>\n${children.map(indented).join("\n")}\n</${name}>`

const element = (name: string, shape: Shape, value: unknown): string => {
  switch (shape.type) {
    case "structure":
      return parent(name, fields(shape, value as Fields))
    case "list":
      return parent(name, items(shape, value as ReadonlyArray<unknown>))
    case "timestamp":
      return `<${name}>${formatTimestamp(Number(value), shape.format ?? "iso8601")}</${name}>`
    default:
      return `<${name}>${escapeXml(String(value))}</${name}>`
  }
}

const items = ({ member, memberName = "member" }: List, values: ReadonlyArray<unknown>) =>
  values.map((value) => element(memberName, member, value))

const fields = ({ members }: Structure, value: Fields): ReadonlyArray<string> =>
  Object.entries(members).flatMap(([field, { name, shape }]) =>
    value[field] === undefined ? [] : [element(name, shape, value[field])]
  )

/** What every reply states. */
export interface About {
  readonly requestId: string
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly now: number
}

const reply = ({ now, requestId }: About, status: number, body: string): WireReply => ({
  status,
  headers: {
    "x-amzn-requestid": requestId,
    "content-type": "text/xml",
    date: new Date(now).toUTCString()
  },
  body: `${body}\n`
})

const text = (name: string, content: string): string => `<${name}>${escapeXml(content)}</${name}>`

const document = (name: string, children: ReadonlyArray<string>): string =>
  parent(name, children, ` xmlns="${namespace}"`)

/** A success, whose result is written by its shape. Times are milliseconds since 1970. */
export const success = (about: About, action: string, output: Structure, result: object): WireReply =>
  reply(
    about,
    200,
    document(`${action}Response`, [
      element(`${action}Result`, output, result),
      parent("ResponseMetadata", [text("RequestId", about.requestId)])
    ])
  )

/** A refusal. */
export const failure = (about: About, { code, message, status }: Refusal): WireReply =>
  reply(
    about,
    status,
    document("ErrorResponse", [
      parent("Error", [
        text("Type", status < 500 ? "Sender" : "Receiver"),
        text("Code", code),
        text("Message", message)
      ]),
      text("RequestId", about.requestId)
    ])
  )
