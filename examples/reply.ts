import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Aws from "effect-sts/aws"
import { AwsNode } from "effect-sts/node"

// what the service sent beside the answer, for a support ticket or an audit log
const program = Effect.gen(function* () {
  const { reply, response } = yield* Aws.withReply(Aws.getCallerIdentity())
  console.log(`${response.arn}: HTTP ${reply.status}, ${reply.headers["content-type"]}`)
})

NodeRuntime.runMain(program.pipe(Effect.provide(AwsNode.layer)))
