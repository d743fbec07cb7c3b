import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../../src/alibaba.js"
import { StsConfigError } from "../../../src/schemas/StsError.js"
import type { CredentialSource } from "../../../src/services/CredentialSource.js"
import { type Answers, answering, environment, text, timedFailure } from "../../support/metadata.js"
import { fault, never, reply } from "../../support/scripted.js"

const token = "PLANTED-SESSION-TOKEN"

const issued = {
  AccessKeyId: "STS.Example",
  AccessKeySecret: "PLANTED-SECRET",
  SecurityToken: "PLANTED-TOKEN",
  Expiration: "2026-01-01T06:00:00Z",
  LastUpdated: "2026-01-01T00:00:00Z",
  Code: "Success"
}

const put = "PUT /latest/api/token"
const list = "GET /latest/meta-data/ram/security-credentials/"
const web = `${list}web`

/** An instance with the role `web`, but for these answers. */
const instance = (answers: Answers = {}) =>
  answering({ [put]: text(200, token), [list]: text(200, "web"), [web]: reply(200, issued), ...answers })

type Source = CredentialSource<Alibaba.Credentials>

const using = <A, E>(
  server: ReturnType<typeof answering>,
  use: (source: Source) => Effect.Effect<A, E>,
  options: Alibaba.EcsRamRole.Options = {},
  variables: Readonly<Record<string, string>> = {}
) =>
  Effect.flatMap(Alibaba.EcsRamRole.make(options), use).pipe(
    Effect.provide(server.layer),
    environment(variables)
  )

const get = ({ get }: Source) => get

describe("ECS RAM role", () => {
  it.effect("gives the role's credentials in hardened mode, without a proxy", () =>
    Effect.gen(function* () {
      const server = instance()
      const credentials = yield* using(server, get)
      assert.strictEqual(Redacted.value(credentials.accessKeySecret), "PLANTED-SECRET")
      assert.strictEqual(credentials.source, "ECS RAM role")
      assert.strictEqual(credentials.expiration?.epochMilliseconds, Date.parse(issued.Expiration))
      assert.deepStrictEqual(server.names(), [put, list, web])
      assert.strictEqual(server.seen[0]?.url, "http://100.100.100.200/latest/api/token")
      assert.strictEqual(server.seen[0]?.headers["x-aliyun-ecs-metadata-token-ttl-seconds"], "21600")
      assert.isTrue(
        server.seen.slice(1).every(({ headers }) => headers["x-aliyun-ecs-metadata-token"] === token)
      )
      assert.isTrue(server.seen.every(({ direct }) => direct))
    })
  )

  it.effect("keeps token and role, and finds a new role when it changes", () => {
    const other = `${list}other`
    const server = instance({
      [list]: [text(200, "web"), text(200, "other")],
      [web]: [reply(200, issued), reply(200, issued), text(404, "")],
      [other]: reply(200, issued)
    })
    return using(server, (source) =>
      Effect.gen(function* () {
        yield* source.get
        yield* TestClock.adjust("5 hours")
        yield* source.get
        yield* source.get
        yield* source.get
        assert.deepStrictEqual(server.names(), [put, list, web, web, web, list, other, other])
      })
    )
  })

  it.effect("uses the configured role, the option before the variable", () =>
    Effect.gen(function* () {
      const server = instance()
      const variables = { ALIBABA_CLOUD_ECS_METADATA: "web" }
      yield* using(server, get, {}, variables)
      assert.deepStrictEqual(server.names(), [put, web])
      const wrong = yield* timedFailure(using(instance(), get, { roleName: "db" }, variables))
      assert.deepInclude(wrong.error, { reason: "Refused", key: "roleName" })
      const silent = yield* timedFailure(
        using(instance({ [put]: fault("ECONNREFUSED") }), get, {}, variables)
      )
      assert.strictEqual(silent.reason, "Unavailable")
    })
  )

  it.effect("falls back to requests without a token, unless forbidden", () =>
    Effect.gen(function* () {
      const variables = { ALIBABA_CLOUD_IMDSV1_DISABLED: "true" }
      const old = () => instance({ [put]: text(404, "") })
      const server = old()
      yield* using(server, get)
      assert.isUndefined(server.seen.at(-1)?.headers["x-aliyun-ecs-metadata-token"])
      yield* using(old(), get, { disableV1: false }, variables)
      for (const [options, set, key] of [
        [{}, variables, "ALIBABA_CLOUD_IMDSV1_DISABLED"],
        [{ disableV1: true }, {}, "disableV1"]
      ] as const) {
        assert.deepInclude((yield* timedFailure(using(old(), get, options, set))).error, {
          reason: "Refused",
          key
        })
      }
    })
  )

  it.effect("is not configured when disabled, without a role, or without an answer", () =>
    Effect.gen(function* () {
      const off = instance()
      const variables = { ALIBABA_CLOUD_ECS_METADATA_DISABLED: "True" }
      assert.strictEqual((yield* timedFailure(using(off, get, {}, variables))).reason, "NotConfigured")
      assert.deepStrictEqual(off.names(), [])
      assert.strictEqual(
        (yield* timedFailure(using(instance({ [list]: text(404, "") }), get))).reason,
        "NotConfigured"
      )
      const silent = yield* timedFailure(using(instance({ [put]: never, [list]: never }), get))
      assert.deepStrictEqual([silent.reason, silent.millis], ["NotConfigured", 2_000])
    })
  )

  it.effect.each([
    ["a refused token", { [put]: text(403, "") }, "NotConfigured", "HTTP 403"],
    ["no Code", { [web]: reply(200, { ...issued, Code: undefined }) }, "Unavailable", "Code is not Success"],
    ["another Code", { [web]: reply(200, { ...issued, Code: "Failed" }) }, "Unavailable", "Failed"],
    ["no token", { [web]: reply(200, { ...issued, SecurityToken: "" }) }, "Unavailable", "no SecurityToken"],
    ["a page", { [web]: text(200, "<html>PLANTED") }, "Unavailable", "not a JSON object"]
  ] as const)("tells of %s", ([, answers, expected, words]) =>
    Effect.gen(function* () {
      const { error, reason } = yield* timedFailure(using(instance(answers), get))
      assert.strictEqual(reason, expected)
      assert.include(error.message, words)
    })
  )

  it.effect("refuses an invalid switch and an invalid or remote address", () =>
    Effect.gen(function* () {
      for (const [options, variables, key] of [
        [{}, { ALIBABA_CLOUD_IMDSV1_DISABLED: "1" }, "ALIBABA_CLOUD_IMDSV1_DISABLED"],
        [{}, { ALIBABA_CLOUD_ECS_METADATA_DISABLED: "no" }, "ALIBABA_CLOUD_ECS_METADATA_DISABLED"],
        [{ endpoint: "nowhere" }, {}, "endpoint"],
        [{ endpoint: "http://8.8.8.8" }, {}, "endpoint"]
      ] as const) {
        const { error } = yield* timedFailure(using(instance(), get, options, variables))
        assert.instanceOf(error, StsConfigError)
        assert.strictEqual((error as StsConfigError).key, key)
      }
    })
  )
})
