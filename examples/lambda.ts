import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Aws from "effect-sts/aws"
import { AwsFunction } from "effect-sts/function"

// made once per instance, so credentials and connections outlive an invocation
const runtime = ManagedRuntime.make(AwsFunction.layer)

export const handler = (): Promise<string> =>
  runtime.runPromise(Effect.map(Aws.getCallerIdentity(), ({ arn }) => `this function runs as ${arn}`))
