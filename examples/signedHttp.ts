import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Aws from "effect-sts/aws"
import { AwsNode } from "effect-sts/node"

// any AWS API through Effect's client, signed: also what `transformClient` of Effect's own clients wants
const program = Effect.gen(function* () {
  const sign = yield* Aws.signedHttpClient({ service: "sts", region: "us-east-1" })
  const client = sign(yield* HttpClient.HttpClient)
  const endpoint = yield* Config.withDefault(
    Config.String("AWS_ENDPOINT_URL_STS"),
    "https://sts.us-east-1.amazonaws.com"
  )
  const reply = yield* client.get(`${endpoint}/?Action=GetCallerIdentity&Version=2011-06-15`)
  console.log(/<Arn>(.*)<\/Arn>/.exec(yield* reply.text)?.[1])
})

NodeRuntime.runMain(Effect.scoped(program).pipe(Effect.provide(AwsNode.layer)))
