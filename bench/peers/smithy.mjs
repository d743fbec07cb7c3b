/**
 * The signer in AWS's own client, with the hash that the client gives it on Node, which is the faster one.
 */
import { Hash } from "@smithy/core/serde"
import { SignatureV4 } from "@smithy/signature-v4"
import { clouds } from "../contenders/clouds.mjs"
import { promised } from "../contenders/contender.mjs"

const { key, parameters, region } = clouds.aws
const call = { Action: "AssumeRole", Version: "2011-06-15", ...parameters }
const hostname = `sts.${region}.amazonaws.com`
const headers = { host: hostname, "content-type": "application/x-www-form-urlencoded" }

export const open = () => {
  const smithy = new SignatureV4({
    service: "sts",
    region,
    credentials: key,
    sha256: Hash.bind(null, "sha256")
  })
  return promised(() =>
    smithy.sign({
      method: "POST",
      protocol: "https:",
      hostname,
      path: "/",
      query: {},
      headers,
      body: new URLSearchParams(call).toString()
    })
  )
}
