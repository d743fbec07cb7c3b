/**
 * Alibaba Cloud's package for operations that have no client of their own.
 */
import { createRequire } from "node:module"
import { clouds } from "../contenders/clouds.mjs"
import { promised } from "../contenders/contender.mjs"

const require = createRequire(import.meta.url)
const PopCore = require("@alicloud/pop-core")

const { key, parameters } = clouds.alibaba

export const open = (endpoint) => {
  const client = new PopCore({ ...key, endpoint, apiVersion: "2015-04-01" })
  return promised(async () => {
    const { Credentials } = await client.request("AssumeRole", parameters, { method: "POST" })
    return Credentials.AccessKeyId
  })
}
