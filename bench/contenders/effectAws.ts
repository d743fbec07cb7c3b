/**
 * AWS's own client as an Effect service, in fibers.
 */
import { STS } from "@effect-aws/client-sts"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { input, key, region } from "../clouds/aws.js"
import type { Open } from "./contender.js"
import { inFibers } from "./ours.js"

export const open: Open<undefined> = (endpoint) =>
  inFibers(ManagedRuntime.make(STS.layer({ endpoint, region, credentials: key })), () =>
    STS.assumeRole(input)
  )
