import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Alibaba from "effect-sts/alibaba"
import { AlibabaNode } from "effect-sts/node"

const program = Effect.gen(function* () {
  const me = yield* Alibaba.getCallerIdentity()
  const { credentials } = yield* Alibaba.assumeRole({
    roleArn: "acs:ram::1234567890123456:role/reader",
    roleSessionName: "report",
    durationSeconds: 900
  })
  const now = yield* Alibaba.getCallerIdentity().pipe(Effect.provide(Alibaba.Static.layer(credentials)))
  console.log(`${me.arn} became ${now.arn}`)
  console.log(credentials) // secrets are Redacted: nothing to see here
})

NodeRuntime.runMain(program.pipe(Effect.provide(AlibabaNode.layer)))
