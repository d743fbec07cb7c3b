import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { AlibabaSeed, AwsSeed, Emulator } from "../../src/testing.js"
import { assumeRole, requestOf } from "./alibaba/support.js"
import { http } from "./http.js"

it("answers signed operations within Effect.runSync", () => {
  const program = Effect.gen(function* () {
    const { client } = yield* Emulator.Emulator
    const { query } = yield* requestOf(assumeRole({}, { method: "GET", place: "query" }))
    const response = yield* client.execute(HttpClientRequest.get(`https://sts.aliyuncs.com/?${query}`))
    return yield* response.text
  })
  const text = Effect.runSync(Effect.provide(program, Emulator.layer))
  assert.include(text, `${AlibabaSeed.arns.role}/session`)
})

it("answers credential sources under Effect.runSync", () => {
  const program = Effect.gen(function* () {
    const { aws } = yield* Emulator.Emulator
    yield* aws.login()
    const paths = [
      "/latest/meta-data/iam/security-credentials/instance",
      "/latest/meta-data/ram/security-credentials/instance",
      AwsSeed.ecsContainer.path
    ]
    return yield* Effect.forEach(paths, (path) => http("GET", path))
  })
  const replies = Effect.runSync(Effect.provide(program, Emulator.layer))
  assert.deepStrictEqual(
    replies.map((reply) => reply.json()["AccessKeyId"]?.slice(0, 4)),
    ["ASIA", "STS.", "ASIA"]
  )
})
