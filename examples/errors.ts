import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { Alibaba } from "effect-sts"
import { AlibabaNode } from "effect-sts/node"

const program = Alibaba.assumeRole({
  roleArn: "acs:ram::1234567890123456:role/no-such-role",
  roleSessionName: "report"
}).pipe(
  Effect.asVoid,
  Effect.catchTags({
    StsApiError: (error) =>
      error.code === "EntityNotExist.Role"
        ? Console.log(`create the role first: ${error.message}`)
        : Console.log(`refused (${error.category}, request ${error.requestId}): ${error.message}`),
    StsCredentialError: (error) => Console.log(`no credentials from ${error.source}: ${error.message}`),
    StsTransportError: (error) => Console.log(`no answer: ${error.reason}`)
  })
)

NodeRuntime.runMain(program.pipe(Effect.provide(AlibabaNode.layer)))
