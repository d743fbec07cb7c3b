/**
 * A process of a fleet: gets a role's credentials through Redis, as an application would. It says when it is ready, waits
 * for a line with the name of a cloud, reads once, and prints what it saw.
 */
import { createInterface } from "node:readline"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { Metrics, RequestPolicy } from "../../src/index.js"
import { NodeHttp } from "../../src/node.js"
import { Redis, RedisCache } from "../../src/redis.js"
import type { Cloud } from "../../src/schemas/StsError.js"
import type { CredentialSource } from "../../src/services/CredentialSource.js"
import type { FleetOutcome } from "../../src/services/Metrics.js"
import { silent } from "./logs.js"
import { keepCompiled } from "./program.js"

/** What such a process is told. */
export interface FleetTask {
  readonly endpoint: string
  readonly redis: string
  readonly roles: Readonly<
    Record<Cloud, { readonly arn: string; readonly id: string; readonly secret: string }>
  >
  /** In milliseconds. */
  readonly lease?: number | undefined
  readonly timeout?: number | undefined
}

/** What it prints: that its source is asked, or at the end what it saw. */
export type FleetWord =
  | { readonly asking: true }
  | {
      /** Of the credentials it got, unless they have ended or there are none. */
      readonly accessKeyId: string | undefined
      readonly took: number
      /** What came of its reads since it started, as its metrics tell. */
      readonly outcomes: Readonly<Record<FleetOutcome, number>>
    }

const task: FleetTask = JSON.parse(process.argv[2] ?? "{}")

const tell = (word: FleetWord): void => void process.stdout.write(`${JSON.stringify(word)}\n`)

/** A source that tells when it is asked. */
const telling = <A>({ get, name }: CredentialSource<A>): CredentialSource<A> => ({
  name,
  get: Effect.suspend(() => {
    tell({ asking: true })
    return get
  })
})

const { endpoint, lease, timeout, redis, roles } = task

const cacheOptions = { encryptionKey: Redacted.make(new Uint8Array(32).fill(7)), lease, spread: 300 }

const aws = Effect.gen(function* () {
  const { arn: roleArn, id, secret } = roles.aws
  const given = new Aws.Credentials({ accessKeyId: id, secretAccessKey: Redacted.make(secret) })
  const base = { name: "stated", get: Effect.succeed(given) }
  const source = telling(yield* Aws.AssumedRole.make(base, { roleArn }))
  const key = RedisCache.keyOfRole("aws", base, { roleArn })
  return yield* RedisCache.make("aws", source, { ...cacheOptions, key })
})

const alibaba = Effect.gen(function* () {
  const { arn: roleArn, id, secret } = roles.alibaba
  const given = new Alibaba.Credentials({ accessKeyId: id, accessKeySecret: Redacted.make(secret) })
  const base = { name: "stated", get: Effect.succeed(given) }
  const source = telling(yield* Alibaba.RamRoleArn.make(base, { roleArn }))
  const key = RedisCache.keyOfRole("alibaba", base, { roleArn })
  return yield* RedisCache.make("alibaba", source, { ...cacheOptions, key })
})

/** Reads once, without a refresher in between: what is read is the cache's. */
const reading = (cloud: Cloud, cache: RedisCache.RedisSource<Aws.Credentials | Alibaba.Credentials>) =>
  Effect.gen(function* () {
    const began = performance.now()
    const outcome = yield* Effect.result(cache.get)
    const took = performance.now() - began
    const credentials = outcome._tag === "Success" ? outcome.success : undefined
    const end = credentials?.expiration
    const isRight = end !== undefined && DateTime.toEpochMillis(end) > Date.now()
    const count = (outcome: FleetOutcome) =>
      Effect.map(Metric.value(Metrics.fleet(cloud, outcome)), ({ count }) => Number(count))
    const outcomes = yield* Effect.all({
      hit: count("hit"),
      wait: count("wait"),
      renewal: count("renewal"),
      lease_lost: count("lease_lost"),
      bypass: count("bypass")
    })
    tell({ accessKeyId: isRight ? credentials?.accessKeyId : undefined, took, outcomes })
  })

const services = Layer.mergeAll(
  Aws.SignerV4.layer,
  Alibaba.SignerAcs3.layer,
  NodeHttp.layerWith({ proxy: false }),
  Redis.layer({ url: redis, timeout })
)

const program = Effect.gen(function* () {
  const caches = { aws: yield* aws, alibaba: yield* alibaba }
  keepCompiled()
  process.stdout.write("ready\n")
  const lines = createInterface({ input: process.stdin })
  for (;;) {
    const line = yield* Effect.promise(() => new Promise<string>((resolve) => lines.once("line", resolve)))
    yield* line === "aws" ? reading("aws", caches.aws) : reading("alibaba", caches.alibaba)
  }
}).pipe(
  Effect.provide(services),
  RequestPolicy.adjust({ aws: { endpoint, region: "us-east-1" }, alibaba: { endpoint } }),
  silent
)

process.stdin.once("end", () => process.exit(0))
await Effect.runPromise(program)
