import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Alibaba from "effect-sts/alibaba"
import { AlibabaFunction } from "effect-sts/function"

// made once per instance, so credentials and connections outlive an invocation
const runtime = ManagedRuntime.make(AlibabaFunction.layer)

export const handler = (): Promise<string> =>
  runtime.runPromise(Effect.map(Alibaba.getCallerIdentity(), ({ arn }) => `this function runs as ${arn}`))
