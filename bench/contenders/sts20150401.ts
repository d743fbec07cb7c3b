/**
 * The official client.
 */
import { createRequire } from "node:module"
import { key, request } from "../clouds/alibaba.js"
import { type Open, promised } from "./contender.js"

// CommonJS whose default export hides in `.default`; `require` is the one way that always finds it.
const require = createRequire(import.meta.url)
const sts = require("@alicloud/sts20150401") as typeof import("@alicloud/sts20150401")
const { $OpenApiUtil } = require("@alicloud/openapi-core") as typeof import("@alicloud/openapi-core")

export const open: Open<undefined> = (endpoint) => {
  const config = new $OpenApiUtil.Config({ ...key, protocol: "HTTP", endpoint: new URL(endpoint).host })
  const client = new sts.default(config)
  return promised(() => client.assumeRole(new sts.AssumeRoleRequest(request)))
}
