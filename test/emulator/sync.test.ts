import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AlibabaSeed, Emulator } from "../../src/testing.js"
import { assumeRole, requestOf } from "./support.js"

it("answers signed operations within Effect.runSync", () => {
  const program = Effect.gen(function* () {
    const { client } = yield* Emulator.Emulator
    const { query } = yield* requestOf(assumeRole({}, { method: "GET", place: "query" }))
    const response = yield* client.execute(HttpClientRequest.get(`https://sts.aliyuncs.com/?${query}`))
    return yield* response.text
  })
  const text = Effect.runSync(Effect.provide(program, Emulator.layer()))
  expect(text).toContain(`${AlibabaSeed.arns.role}/session`)
})
