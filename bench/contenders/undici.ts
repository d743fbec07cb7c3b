/**
 * The base: undici's `request` with a body that is ready, and nothing signed or understood.
 */
import { request } from "undici"
import { type Cloud, clouds } from "../clouds/clouds.js"
import { type Open, promised } from "./contender.js"

const headers = { "content-type": "application/x-www-form-urlencoded" }

export const open: Open<{ readonly cloud: Cloud }> = (endpoint, { cloud }) => {
  const body = new URLSearchParams(clouds[cloud].parameters).toString()
  return promised(async () => {
    const reply = await request(endpoint, { method: "POST", body, headers })
    await reply.body.text()
  })
}
