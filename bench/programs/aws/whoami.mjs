// Asks who calls, with everything that the default layer brings.
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { RequestPolicy } from "effect-sts"
import * as Aws from "effect-sts/aws"
import { AwsNode } from "effect-sts/node"

const layer = Layer.merge(
  AwsNode.layer,
  RequestPolicy.layer({ aws: { endpoint: process.argv[2], region: "eu-central-1" } })
)

const { arn } = await Effect.runPromise(Effect.provide(Aws.getCallerIdentity(), layer))
process.stdout.write(arn)
