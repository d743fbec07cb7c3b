/**
 * AssumeRole on Alibaba Cloud beside bare HTTP clients and the official packages.
 */
import type { AlibabaVariant } from "../../contenders/oursAlibaba.js"
import { type Contending, type Field, calls as measure } from "../../support/calls.js"
import type { Scale } from "../../support/scale.js"
import { targets } from "../../targets.js"

const cloud = "alibaba"
const ours = (options: AlibabaVariant) => ({ module: "oursAlibaba", options })

const nodeInFibers: Contending = {
  name: "ours, node:http, in fibers",
  ...ours({ http: "node", run: "fibers" }),
  target: targets.nodeInFibers
}
const undiciInFibers: Contending = {
  name: "ours, undici, in fibers",
  ...ours({ http: "undici", run: "fibers" }),
  target: targets.undiciInFibers
}
const official: Contending = { name: "@alicloud/sts20150401", module: "sts20150401" }
const popCore: Contending = { name: "@alicloud/pop-core", module: "popCore" }

const field: Field = {
  cloud,
  contenders: [
    { name: "undici request, prepared body", module: "undici", options: { cloud } },
    { name: "node:http, prepared body", module: "nodeHttp", options: { cloud } },
    nodeInFibers,
    { name: "ours, node:http, runPromise", ...ours({ http: "node", run: "promises" }) },
    { name: "ours, node:http, in fibers, traced", ...ours({ http: "node", run: "fibers", traced: true }) },
    {
      name: "ours, node:http, in fibers, RPC signer",
      ...ours({ http: "node", run: "fibers", signer: "rpc" })
    },
    {
      name: "ours, node:http, in fibers, 64 permits",
      ...ours({ http: "node", run: "fibers", maxConcurrentRequests: 64 })
    },
    undiciInFibers,
    {
      name: "ours, undici, runPromise",
      ...ours({ http: "undici", run: "promises" }),
      target: targets.undiciByPromises
    },
    {
      name: "ours, undici, in fibers, traced",
      ...ours({ http: "undici", run: "fibers", traced: true }),
      target: targets.undiciTraced
    },
    official,
    popCore
  ],
  duels: [
    { of: nodeInFibers, over: official, target: targets.overOfficialClient },
    { of: undiciInFibers, over: official, target: targets.overOfficialClient },
    { of: nodeInFibers, over: popCore },
    { of: undiciInFibers, over: popCore }
  ]
}

export const calls = (scale: Scale) => measure(field, scale)
