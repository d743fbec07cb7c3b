/**
 * Alibaba Cloud's own client.
 */
import { createRequire } from "node:module"
import { clouds } from "../contenders/clouds.mjs"
import { promised } from "../contenders/contender.mjs"

// CommonJS whose default export hides in `.default`; `require` is the one way that always finds it.
const require = createRequire(import.meta.url)
const sts = require("@alicloud/sts20150401")
const { $OpenApiUtil } = require("@alicloud/openapi-core")

const { key, request } = clouds.alibaba

export const open = (endpoint) => {
  const config = new $OpenApiUtil.Config({ ...key, protocol: "HTTP", endpoint: new URL(endpoint).host })
  const client = new sts.default(config)
  return promised(async () => {
    const { body } = await client.assumeRole(new sts.AssumeRoleRequest(request))
    return body.credentials.accessKeyId
  })
}
