/**
 * Replies as AWS writes them: of its STS in XML, of other services in JSON.
 *
 * Source: "AWS restJson1 protocol", Smithy documentation.
 */
import type { List, Shape, Structure } from "../../protocol/aws/query.js"
import { formatTimestamp } from "../../protocol/timestamp.js"
import type { Refusal } from "../Refusal.js"
import type { Asked } from "../Service.js"
import { jsonReply, type WireReply } from "../Wire.js"

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

// Line ends are escaped too, so that indenting changes no text.
const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#xA;",
  "\r": "&#xD;"
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>"\n\r]/g, (character) => escapes[character] ?? "")

const indented = (content: string): string => content.replace(/^/gm, "  ")

const parent = (name: string, children: ReadonlyArray<string>, attributes = ""): string =>
  children.length === 0
    ? `<${name}${attributes}/>`
    : `<${name}${attributes}>\n${children.map(indented).join("\n")}\n</${name}>`

const element = (name: string, shape: Shape, value: unknown): string => {
  switch (shape.type) {
    case "structure":
      return parent(name, fields(shape, value as object))
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

const fields = ({ members }: Structure, value: object): ReadonlyArray<string> =>
  Object.entries(value).flatMap(([field, content]) => {
    const member = members[field]
    return member === undefined || content === undefined ? [] : [element(member.name, member.shape, content)]
  })

/** What every reply tells about itself. */
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

/** A success. */
export const jsonSuccess = ({ now, requestId }: Asked, content: object): WireReply =>
  jsonReply(now, 200, content, { "x-amzn-requestid": requestId })

/** A refusal, with what its body says. */
export const jsonFailure = (
  { now, requestId }: Asked,
  { code, status }: Refusal,
  content: object
): WireReply => jsonReply(now, status, content, { "x-amzn-requestid": requestId, "x-amzn-errortype": code })
