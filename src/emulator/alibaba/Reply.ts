/** Replies as Alibaba Cloud writes them, in JSON and in XML. */

import type { Refusal } from "../Refusal.js"
import type { WireReply } from "../Wire.js"

const hostId = "sts.aliyuncs.com"

const escapeXml = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")

const element = ([name, value]: [string, unknown]): string => `<${name}>${xmlOf(value)}</${name}>`

const xmlOf = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? Object.entries(value).map(element).join("")
    : escapeXml(String(value))

/** What every reply tells about itself. */
export interface About {
  readonly requestId: string
  readonly xml: boolean
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly now: number
}

const reply = (about: About, status: number, root: string, content: object): WireReply => ({
  status,
  headers: {
    date: new Date(about.now).toUTCString(),
    "content-type": about.xml ? "text/xml;charset=utf-8" : "application/json;charset=utf-8",
    "x-acs-request-id": about.requestId
  },
  body: about.xml
    ? `<?xml version='1.0' encoding='UTF-8'?>${element([root, content])}`
    : JSON.stringify(content)
})

/** A success. */
export const success = (about: About, action: string, content: object): WireReply =>
  reply(about, 200, `${action}Response`, { RequestId: about.requestId, ...content })

/** A refusal. */
export const failure = (about: About, { code, message, status }: Refusal): WireReply =>
  reply(about, status, "Error", {
    RequestId: about.requestId,
    HostId: hostId,
    Code: code,
    Message: message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}&product=Sts&requestId=${about.requestId}`
  })
