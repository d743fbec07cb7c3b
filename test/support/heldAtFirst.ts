/**
 * A program whose first signatures and calls are kept for a while, as those are that wait while a program starts. It
 * prints the bytes that each of the later ones, which nobody keeps, leaves in the old generation.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { RequestPolicy } from "../../src/index.js"
import { makeBuffered, type Sender } from "../../src/services/Client.js"

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

const oldBytes = (): number =>
  getHeapSpaceStatistics()
    .filter(({ space_name }) => space_name === "old_space")
    .reduce((bytes, { space_used_size }) => bytes + space_used_size, 0)

const first = 3_000

/** So many, one after the other. */
const inTurn = <A, E, R>(count: number, one: Effect.Effect<A, E, R>): Effect.Effect<void, E, R> =>
  Effect.suspend(() => {
    let done = 0
    return Effect.whileLoop({ while: () => done < count, body: () => one, step: () => void done++ })
  })

/** What each of them leaves, after the first ones were made and kept. */
const left = <A, E, R, E1, R1>(held: Effect.Effect<unknown, E1, R1>, one: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    yield* held
    // What the compiler does with this comes to an end.
    yield* inTurn(20_000, one)
    const samples: Array<number> = []
    while (samples.length < 9) {
      collect()
      const before = oldBytes()
      yield* inTurn(2_000, one)
      samples.push((oldBytes() - before) / 2_000)
    }
    // V8 thinks better of it now and then, and takes it up again; and something else becomes old for once.
    return samples.sort((a, b) => b - a)[2] ?? Number.NaN
  })

const signatures = <A, E>(sign: () => Effect.Effect<A, E>) => {
  const kept: Array<unknown> = []
  const one = Effect.suspend(sign)
  const held = Effect.map(
    inTurn(
      first,
      Effect.map(one, (signed) => kept.push(signed))
    ),
    () => {
      kept.length = 0
    }
  )
  return left(held, one)
}

/** A client that answers the first calls when all of them wait. */
const client = (contentType: string, text: string) => {
  const waiting: Array<Sender> = []
  let asked = 0
  const body = new TextEncoder().encode(text)
  const reply = { kind: "reply", status: 200, headers: { "content-type": contentType }, body } as const
  const underWay = { abort: () => {} }
  return makeBuffered(
    () => Effect.never,
    (_url, _headers, _body, _context, sender) => {
      if (asked++ >= first) queueMicrotask(() => sender.settle(reply))
      else if (waiting.push(sender) === first) {
        setImmediate(() => {
          for (const each of waiting.splice(0)) each.settle(reply)
        })
      }
      return underWay
    }
  )
}

const calls = <A, E, R>(call: Effect.Effect<A, E, R>) =>
  left(
    Effect.all(
      Array.from({ length: first }, () => call),
      { concurrency: "unbounded", discard: true }
    ),
    call
  )

const policy = RequestPolicy.layer({ maxConcurrentRequests: first, aws: { region: "us-east-1" } })

const secret = Redacted.make("ExampleSecret")
const token = Redacted.make("t".repeat(500))
const time = Date.UTC(2026, 0, 31)

const aws = Effect.flatMap(Aws.Signer, (signer) => {
  const credentials = new Aws.Credentials({
    accessKeyId: "ASIAEXAMPLE",
    secretAccessKey: secret,
    sessionToken: token
  })
  const headers = { host: "sts.amazonaws.com", "content-type": "application/x-www-form-urlencoded" }
  const request = { method: "POST", path: "/", query: [], headers, body: "Action=GetCallerIdentity" }
  const call = { operation: "GetCallerIdentity", service: "sts", region: "us-east-1", time, request }
  return signatures(() => signer.sign(call, credentials))
})

const alibaba = Effect.flatMap(Alibaba.Signer, (signer) => {
  const credentials = new Alibaba.Credentials({
    accessKeyId: "STS.Example",
    accessKeySecret: secret,
    securityToken: token
  })
  const parameters = { RoleArn: "acs:ram::1234567890123456:role/example" }
  const call = {
    action: "AssumeRole",
    version: "2015-04-01",
    host: "sts.aliyuncs.com",
    nonce: "nonce",
    parameters,
    time
  }
  return signatures(() => signer.sign(call, credentials))
})

const awsReply = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws:iam::123456789012:user/example</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`

const alibabaReply = JSON.stringify({
  RequestId: "r-1",
  IdentityType: "RAMUser",
  AccountId: "1234567890123456",
  PrincipalId: "216959339000654321",
  UserId: "216959339000654321",
  Arn: "acs:ram::1234567890123456:user/example"
})

const bytes = Effect.all({
  SigV4: Effect.provide(aws, Aws.SignerV4.layer),
  ACS3: Effect.provide(alibaba, Alibaba.SignerAcs3.layer),
  RPC: Effect.provide(alibaba, Alibaba.SignerRpc.layer),
  "calls of AWS": Effect.provide(
    calls(Effect.suspend(() => Aws.getCallerIdentity())),
    Layer.mergeAll(
      policy,
      Aws.Static.layer({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: secret }),
      Aws.SignerV4.layer,
      Layer.succeed(HttpClient.HttpClient, client("text/xml", awsReply))
    )
  ),
  "calls of Alibaba Cloud": Effect.provide(
    calls(Effect.suspend(() => Alibaba.getCallerIdentity())),
    Layer.mergeAll(
      policy,
      Alibaba.Static.layer({ accessKeyId: "LTAIEXAMPLE", accessKeySecret: secret }),
      Alibaba.SignerAcs3.layer,
      Layer.succeed(HttpClient.HttpClient, client("application/json", alibabaReply))
    )
  )
})

process.stdout.write(JSON.stringify(await Effect.runPromise(bytes)))
