import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type * as Tracer from "effect/Tracer"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { Metrics, RequestPolicy, StsApiError } from "../../src/index.js"
import { Emulator, Fault } from "../../src/testing.js"
import { calling, signedForAws, signedWith } from "../support/runners.js"
import { spansOf } from "../support/spans.js"

const told = ({ attributes }: Tracer.Span) => Object.fromEntries(attributes)

const inAws = Aws.getCallerIdentity().pipe(
  signedForAws(),
  RequestPolicy.adjust({ aws: { region: "eu-west-1" }, jitter: false })
)
const inAlibabaCloud = Alibaba.getCallerIdentity().pipe(signedWith("acs3"))

describe("a call's span", () => {
  it.effect("has OpenTelemetry's names for AWS", () => {
    const { program, spans } = spansOf(inAws)
    return Effect.gen(function* () {
      const { requestId } = yield* program
      assert.deepStrictEqual(
        spans.map((span) => [span.name, span.kind, told(span)]),
        [
          [
            "STS.GetCallerIdentity",
            "client",
            {
              "rpc.system": "aws-api",
              "rpc.service": "STS",
              "rpc.method": "GetCallerIdentity",
              "server.address": "127.0.0.1",
              "server.port": 8055,
              "cloud.region": "eu-west-1",
              "effect_sts.attempts": 1,
              "aws.request_id": requestId
            }
          ]
        ]
      )
    }).pipe(calling("http://127.0.0.1:8055"), Effect.provide(Emulator.layer))
  })

  it.effect("and like names for Alibaba Cloud", () => {
    const { program, spans } = spansOf(inAlibabaCloud)
    return Effect.gen(function* () {
      const { requestId } = yield* program
      assert.deepStrictEqual(spans.map(told), [
        {
          "rpc.system": "alibaba-cloud-api",
          "rpc.service": "STS",
          "rpc.method": "GetCallerIdentity",
          "server.address": "sts.aliyuncs.com",
          "server.port": 443,
          "effect_sts.attempts": 1,
          "alibaba_cloud.request_id": requestId
        }
      ])
    }).pipe(Effect.provide(Emulator.layer))
  })

  it.effect.each([
    ["http://127.0.0.1", "127.0.0.1", 80],
    ["http://[::1]:8055", "::1", 8055]
  ] as const)("at %s has address and port apart", ([url, address, port]) => {
    const { program, spans } = spansOf(inAws)
    return Effect.map(program, () => {
      assert.include(told(spans[0] as Tracer.Span), { "server.address": address, "server.port": port })
    }).pipe(calling(url), Effect.provide(Emulator.layer))
  })

  it.effect("names the code that a service refused with, and its request", () => {
    const { program, spans } = spansOf(inAws)
    return Effect.gen(function* () {
      yield* (yield* Emulator.Emulator).addFault(Fault.refused(403, "AccessDenied"))
      const error = yield* Effect.flip(program)
      assert.instanceOf(error, StsApiError)
      assert.include(told(spans[0] as Tracer.Span), {
        "error.type": "AccessDenied",
        "aws.request_id": error.requestId
      })
    }).pipe(calling("http://127.0.0.1"), Effect.provide(Emulator.layer))
  })

  it.effect("names the error when no service refused", () => {
    const { program, spans } = spansOf(RequestPolicy.adjust({ maxAttempts: 1 })(inAws))
    return Effect.gen(function* () {
      yield* (yield* Emulator.Emulator).addFault(Fault.redirect())
      yield* Effect.flip(program)
      assert.include(told(spans[0] as Tracer.Span), { "error.type": "StsResponseError" })
    }).pipe(calling("http://127.0.0.1"), Effect.provide(Emulator.layer))
  })
})

describe("the duration of calls", () => {
  it.effect("is in seconds, by error type", () =>
    Effect.gen(function* () {
      const state = (errorType: string) =>
        Metric.value(Metrics.duration("aws", "GetCallerIdentity", errorType))
      const before = yield* Effect.all([state(""), state("access-denied")])
      yield* (yield* Emulator.Emulator).addFault(Fault.refused(403, "AccessDenied"))
      yield* Effect.flip(inAws)
      yield* inAws
      const after = yield* Effect.all([state(""), state("access-denied")])
      assert.deepStrictEqual(
        after.map(({ count }, index) => count - (before[index]?.count ?? 0)),
        [1, 1]
      )
      assert.isTrue(after[0].buckets.some(([bound]) => bound === 0.005))
    }).pipe(calling("http://127.0.0.1"), Effect.provide(Emulator.layer))
  )
})
