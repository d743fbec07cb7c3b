/**
 * AssumeRole on AWS beside bare HTTP clients and the clients of others.
 */
import type { Variant } from "../../contenders/ours.js"
import { type Contending, type Field, calls as measure } from "../../support/calls.js"
import type { Scale } from "../../support/scale.js"
import { targets } from "../../targets.js"

const cloud = "aws"
const ours = (options: Variant) => ({ module: "oursAws", options })

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
const awsSdk: Contending = { name: "@aws-sdk/client-sts", module: "awsSdk" }

const field: Field = {
  cloud,
  contenders: [
    { name: "undici request, prepared body", module: "undici", options: { cloud } },
    { name: "node:http, prepared body", module: "nodeHttp", options: { cloud } },
    nodeInFibers,
    { name: "ours, node:http, runPromise", ...ours({ http: "node", run: "promises" }) },
    { name: "ours, node:http, in fibers, traced", ...ours({ http: "node", run: "fibers", traced: true }) },
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
    awsSdk
  ],
  duels: [
    { of: nodeInFibers, over: awsSdk, target: targets.nodeOverAwsClient },
    { of: undiciInFibers, over: awsSdk, target: targets.undiciOverAwsClient }
  ]
}

export const calls = (scale: Scale) => measure(field, scale)
