/**
 * Roles, identity tokens, guards and keyed roles under `Effect.runSync`, in both clouds.
 */

import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { Blocking } from "../../src/blocking.js"
import { RequestPolicy } from "../../src/index.js"
import { AwsSeed, Emulator } from "../../src/testing.js"
import { files } from "../support/files.js"
import { alibaba, asked, aws, type Given, type RoleCloud } from "../support/roleClouds.js"

const suite = <C extends Given>(cloud: RoleCloud<C>) => {
  const emulator = Effect.runSync(Emulator.make())
  const services = Layer.mergeAll(
    Blocking.layer,
    Layer.succeed(HttpClient.HttpClient, emulator.client),
    files({ "/token": "not a token" }).layer
  )
  const run = <A, E>(program: Effect.Effect<A, E, Layer.Success<typeof services>>) =>
    Effect.runSync(
      program.pipe(RequestPolicy.adjust({ aws: { region: AwsSeed.region } }), Effect.provide(services))
    )
  const reader = { roleArn: cloud.arns.role, roleSessionName: "report" }

  it("a guarded role", () => {
    const arn = run(
      Effect.gen(function* () {
        const source = yield* cloud.role(cloud.user, reader)
        return yield* cloud.whoIs(yield* cloud.expectArn(cloud.arns.role)(source))
      })
    )
    assert.strictEqual(arn, cloud.sessionArn("report"))
  })

  it("keyed roles share a flight", () => {
    Effect.runSync(emulator.clearRequests)
    const given = run(
      Effect.flatMap(cloud.keyed(), (roles) =>
        Effect.forEach(Array.from({ length: 50 }), () => roles.get(cloud.user, reader), {
          concurrency: "unbounded"
        })
      )
    )
    assert.strictEqual(given.length, 50)
    assert.strictEqual(Effect.runSync(asked(emulator)).length, 1)
  })

  it("a token that is refused", () => {
    const error = run(
      Effect.flatMap(cloud.webIdentity({ token: { file: "/token" } }), ({ get }) => Effect.flip(get))
    )
    assert.strictEqual(error._tag, "StsCredentialError")
  })
}

describe("on AWS", () => suite(aws))
describe("on Alibaba Cloud", () => suite(alibaba))
