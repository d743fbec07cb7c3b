import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Alibaba from "effect-sts/alibaba"
import { AlibabaNode } from "effect-sts/node"

// any RPC or ROA API of Alibaba Cloud, signed: a request states its action, the client the API's version
const program = Effect.gen(function* () {
  const sign = yield* Alibaba.signedHttpClient({ version: "2015-04-01" })
  const sts = sign(yield* HttpClient.HttpClient)
  const endpoint = yield* Config.withDefault(
    Config.String("ALIBABA_CLOUD_STS_ENDPOINT"),
    "https://sts.aliyuncs.com"
  )
  const reply = yield* sts.post(endpoint, { headers: { "x-acs-action": "GetCallerIdentity" } })
  console.log(yield* reply.text)
})

NodeRuntime.runMain(Effect.scoped(program).pipe(Effect.provide(AlibabaNode.layer)))
