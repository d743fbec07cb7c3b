/**
 * Bare node:http with a body that is ready: what the default HTTP client has under it.
 */
import { Agent, request } from "node:http"
import { clouds } from "./clouds.mjs"
import { promised } from "./contender.mjs"

export const open = (endpoint, { cloud }) => {
  const body = new URLSearchParams(clouds[cloud].parameters).toString()
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "content-length": String(Buffer.byteLength(body))
  }
  const { hostname: host, port } = new URL(endpoint)
  const agent = new Agent({ keepAlive: true })
  return promised(
    () =>
      new Promise((resolve, reject) => {
        const sent = request({ method: "POST", host, port, path: "/", headers, agent }, (reply) => {
          let text = ""
          reply.setEncoding("utf8")
          reply.on("data", (chunk) => {
            text += chunk
          })
          reply.on("end", () => resolve(text))
          reply.on("error", reject)
        })
        sent.on("error", reject)
        sent.end(body)
      })
  )
}
