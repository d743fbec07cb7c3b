/** Replies in JSON and in plain text. */
import type { WireReply } from "./Wire.js"

/** A reply in JSON, at a time in milliseconds since 1970. */
export const json = (
  now: number,
  status: number,
  content: object,
  headers: WireReply["headers"] = {}
): WireReply => ({
  status,
  headers: { "content-type": "application/json", date: new Date(now).toUTCString(), ...headers },
  body: JSON.stringify(content)
})

/** A reply in plain text, at a time in milliseconds since 1970. */
export const text = (
  now: number,
  status: number,
  body: string,
  headers: WireReply["headers"] = {}
): WireReply => ({
  status,
  headers: { "content-type": "text/plain", date: new Date(now).toUTCString(), ...headers },
  body
})
