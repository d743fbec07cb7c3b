/**
 * A small client of fetch and Web Crypto, and the reply's four fields found by hand.
 */
import { AwsClient } from "aws4fetch"
import { clouds } from "../contenders/clouds.mjs"
import { promised } from "../contenders/contender.mjs"
import { credentialsIn } from "./reply.mjs"

const { key, parameters, region } = clouds.aws
const headers = { "content-type": "application/x-www-form-urlencoded" }

export const open = (endpoint) => {
  const client = new AwsClient({ ...key, service: "sts", region, retries: 0 })
  return promised(async () => {
    const body = new URLSearchParams({
      Action: "AssumeRole",
      Version: "2011-06-15",
      ...parameters
    }).toString()
    const reply = await client.fetch(endpoint, { method: "POST", headers, body })
    return credentialsIn(await reply.text()).AccessKeyId
  })
}
