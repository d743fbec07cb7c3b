/**
 * Signed by aws4, sent by undici, and the reply's four fields found by hand: the least that does the work.
 */
import aws4 from "aws4"
import { request } from "undici"
import { clouds } from "../contenders/clouds.mjs"
import { promised } from "../contenders/contender.mjs"
import { credentialsIn } from "./reply.mjs"

const { key, parameters, region } = clouds.aws

const signed = (host) => {
  const body = new URLSearchParams({ Action: "AssumeRole", Version: "2011-06-15", ...parameters }).toString()
  return aws4.sign({ host, region, service: "sts", method: "POST", path: "/", body }, key)
}

export const open = (endpoint, { only }) => {
  const { host } = new URL(endpoint)
  if (only === "signing") return promised(async () => signed(host))
  return promised(async () => {
    const { body, headers } = signed(host)
    const reply = await request(endpoint, { method: "POST", body, headers })
    return credentialsIn(await reply.body.text()).AccessKeyId
  })
}
