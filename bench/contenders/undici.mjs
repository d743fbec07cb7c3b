/**
 * The base: undici's `request` with a body that is ready. Nothing is signed, and nothing understood of the reply.
 */
import { request } from "undici"
import { clouds } from "./clouds.mjs"
import { promised } from "./contender.mjs"

const headers = { "content-type": "application/x-www-form-urlencoded" }

export const open = (endpoint, { cloud }) => {
  const body = new URLSearchParams(clouds[cloud].parameters).toString()
  return promised(async () => {
    const reply = await request(endpoint, { method: "POST", body, headers })
    return reply.body.text()
  })
}
