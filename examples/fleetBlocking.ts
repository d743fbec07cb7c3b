import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "effect-sts/aws"
import { AwsBlocking, RedisBlocking } from "effect-sts/blocking"
import { RedisCache } from "effect-sts/redis"

const role = { roleArn: "arn:aws:iam::123456789012:role/reader", roleSessionName: "script" }
const base = Aws.Environment.source

const program = Effect.gen(function* () {
  const source = yield* Aws.AssumedRole.make(base, role)
  const key = RedisCache.keyOfRole("aws", base, role)
  const encryptionKey = Redacted.make(process.env["FLEET_KEY"] ?? "")
  const cache = yield* RedisCache.make("aws", source, { key, encryptionKey })
  yield* cache.get
  const status = yield* cache.status
  return status?.origin
})

const redis = RedisBlocking.layer({ url: process.env["REDIS_URL"] ?? "redis://localhost" })

console.log(`credentials from ${Effect.runSync(program.pipe(Effect.provide([redis, AwsBlocking.layer])))}`)
