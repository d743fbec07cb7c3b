/**
 * Refusals that repeat all that was sent, each in the words of the one who is asked.
 */
import type { Answered, Asked } from "./endpoints.js"

/** All that was sent, as it was and as it reads. */
export const echoOf = ({ body, headers, url }: Asked): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [url, ...lines, body, decodeURIComponent(body.replace(/\+/g, " "))].join("\n")
}

const escapeXml = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;")

/** Instead of what would be well. */
export const refused = ({ headers }: Answered, echo: string, status: number, code: string): Answered => ({
  status,
  headers,
  body: (headers["content-type"] ?? "").includes("xml")
    ? `<ErrorResponse><Error><Code>${code}</Code><Message>${escapeXml(echo)}</Message></Error></ErrorResponse>`
    : JSON.stringify({ Code: code, Message: echo, message: echo, error_description: echo })
})
