import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Alibaba from "effect-sts/alibaba"
import { AlibabaNode } from "effect-sts/node"

const program = Alibaba.assumeRole({
  roleArn: "acs:ram::1234567890123456:role/no-such-role",
  roleSessionName: "report"
}).pipe(
  Effect.asVoid,
  Effect.catchTags({
    StsApiError: (error) =>
      error.code === "EntityNotExist.Role"
        ? Console.log(`Create the role first. ${error.message}`)
        : Console.log(`${error.category}: ${error.message}`),
    StsCredentialError: (error) => Console.log(error.message),
    StsTransportError: (error) => Console.log(`No answer (${error.reason}). ${error.message}`)
  })
)

NodeRuntime.runMain(program.pipe(Effect.provide(AlibabaNode.layer)))
