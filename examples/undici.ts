import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Alibaba from "effect-sts/alibaba"
import { UndiciHttp } from "effect-sts/undici"

// many calls a second: the same operations over undici
const program = Effect.gen(function* () {
  const all = yield* Effect.replicateEffect(Alibaba.getCallerIdentity(), 20, { concurrency: "unbounded" })
  console.log(`${all.length} answers from ${all[0]?.accountId}`)
})

NodeRuntime.runMain(
  program.pipe(Effect.provide([UndiciHttp.layer, Alibaba.SignerAcs3.layer, Alibaba.Environment.layer]))
)
