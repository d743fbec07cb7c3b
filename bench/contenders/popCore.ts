/**
 * The official package for operations that have no client of their own.
 */
import { createRequire } from "node:module"
import { key, parameters } from "../clouds/alibaba.js"
import { type Open, promised } from "./contender.js"

const require = createRequire(import.meta.url)
const PopCore = require("@alicloud/pop-core") as typeof import("@alicloud/pop-core")

export const open: Open<undefined> = (endpoint) => {
  const client = new PopCore({ ...key, endpoint, apiVersion: "2015-04-01" })
  return promised(() => client.request("AssumeRole", parameters, { method: "POST" }))
}
