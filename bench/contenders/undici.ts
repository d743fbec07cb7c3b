/**
 * The base: undici's `request` with a body that is ready, and nothing signed or understood.
 */
import { request } from "undici"
import { parameters } from "../support/request.js"
import { type Open, promised } from "./contender.js"

const body = new URLSearchParams(parameters).toString()
const headers = { "content-type": "application/x-www-form-urlencoded" }

export const open: Open<undefined> = (endpoint) =>
  promised(async () => {
    const reply = await request(endpoint, { method: "POST", body, headers })
    await reply.body.text()
  })
