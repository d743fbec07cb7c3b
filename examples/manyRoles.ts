import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Aws from "effect-sts/aws"
import { AwsNode } from "effect-sts/node"

// one server, many customers' roles: each role and session is assumed once and renewed in time, however many ask
const whoIn = (customer: string) =>
  Aws.getCallerIdentity().pipe(
    Aws.asRole({ roleArn: "arn:aws:iam::123456789012:role/reader", roleSessionName: customer })
  )

const customers = ["ann", "bob", "ann", "bob", "ann"]
const program = Effect.gen(function* () {
  const all = yield* Effect.forEach(customers, whoIn, { concurrency: "unbounded" })
  console.log(all.map(({ arn }) => arn.split("/").at(-1)).join(" "))
})

NodeRuntime.runMain(program.pipe(Effect.provide([Aws.RoleCredentialsCache.layer, AwsNode.layer])))
