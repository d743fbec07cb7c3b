import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Refreshing } from "effect-sts"
import * as Aws from "effect-sts/aws"
import { AwsNode } from "effect-sts/node"
import { Redis, RedisCache } from "effect-sts/redis"

const role = { roleArn: "arn:aws:iam::123456789012:role/reader", roleSessionName: "fleet" }

// 32 bytes in base64, the same for all machines
const encryptionKey = Effect.gen(function* () {
  const text = yield* Config.Redacted("FLEET_KEY")
  return Redacted.make(Buffer.from(Redacted.value(text), "base64"))
})

const assumed = Effect.gen(function* () {
  const base = Aws.Environment.source
  const source = yield* Aws.AssumedRole.make(base, role)
  const key = RedisCache.keyOfRole("aws", base, role)
  // one machine of all asks STS; the others find what it got
  return Refreshing.make("aws", yield* RedisCache.make("aws", source, { key, encryptionKey }))
})

const redis = Redis.layerConfig({ url: Config.Redacted("REDIS_URL") })

const provider = Layer.effect(Aws.CredentialProvider, assumed).pipe(Layer.provide(redis))

const program = Effect.gen(function* () {
  const me = yield* Aws.getCallerIdentity()
  console.log(`this machine runs as ${me.arn}`)
})

NodeRuntime.runMain(program.pipe(Effect.provide(provider.pipe(Layer.provideMerge(AwsNode.layer)))))
