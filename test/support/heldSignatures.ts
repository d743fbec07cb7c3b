/**
 * A program that keeps the first signatures of each scheme for a while, as a program does whose first calls wait. It
 * prints the bytes that each of the later ones, which nobody keeps, leaves in the old generation.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

const oldBytes = (): number =>
  getHeapSpaceStatistics()
    .filter(({ space_name }) => space_name === "old_space")
    .reduce((bytes, { space_used_size }) => bytes + space_used_size, 0)

const repeat = (count: number, sign: () => unknown): void => {
  for (let index = 0; index < count; index++) sign()
}

const left = (sign: () => unknown): number => {
  let kept: Array<unknown> = []
  repeat(3_000, () => kept.push(sign()))
  kept = []
  // What the compiler does with this comes to an end.
  repeat(20_000, sign)
  // V8 thinks better of it now and then, and takes it up again.
  const samples = Array.from({ length: 5 }, () => {
    collect()
    const before = oldBytes()
    repeat(2_000, sign)
    return (oldBytes() - before) / 2_000
  })
  return Math.max(...samples)
}

const secret = Redacted.make("ExampleSecret")
const token = Redacted.make("t".repeat(500))
const time = Date.UTC(2026, 0, 31)

const aws = Effect.map(Aws.Signer, (signer) => {
  const credentials = new Aws.Credentials({
    accessKeyId: "ASIAEXAMPLE",
    secretAccessKey: secret,
    sessionToken: token
  })
  const headers = { host: "sts.amazonaws.com", "content-type": "application/x-www-form-urlencoded" }
  const request = { method: "POST", path: "/", query: [], headers, body: "Action=GetCallerIdentity" }
  const call = { operation: "GetCallerIdentity", service: "sts", region: "us-east-1", time, request }
  return left(() => signer.sign(call, credentials))
})

const alibaba = Effect.map(Alibaba.Signer, (signer) => {
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
  return left(() => signer.sign(call, credentials))
})

const bytes = Effect.all({
  SigV4: Effect.provide(aws, Aws.SignerV4.layer),
  ACS3: Effect.provide(alibaba, Alibaba.SignerAcs3.layer),
  RPC: Effect.provide(alibaba, Alibaba.SignerRpc.layer)
})

process.stdout.write(JSON.stringify(Effect.runSync(bytes)))
