/**
 * Permits, retry budget and clock offset outlive calls, and belong to the layer and the host.
 */

import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { Alibaba, Aws, RequestPolicy } from "../../src/index.js"
import { NodeHttp } from "../../src/node.js"
import * as Client from "../../src/services/Client.js"
import { withoutReply } from "../../src/services/platformHttp.js"
import { Emulator } from "../../src/testing.js"
import { UndiciHttp } from "../../src/undici.js"
import { decorations, logging, repeating } from "../support/decorations.js"
import { alibaba, asked, aws, emulated, type Given, type RoleCloud } from "../support/roleClouds.js"
import { busy, identity, refusal, runOver, scripted, signing } from "../support/scripted.js"

const all = { ...decorations, ...repeating, logging: logging(() => undefined) }

/** Without the one that takes time. */
const instant = Object.entries(all).flatMap(([name, decorate]) =>
  name === "steps that are effects" ? [] : [decorate]
)

const anonymous = Alibaba.assumeRoleWithOIDC({
  oidcProviderArn: "acs:ram::123456789012:oidc-provider/k",
  roleArn: "acs:ram::123456789012:role/reader",
  oidcToken: "token",
  roleSessionName: "report"
})

const most = (
  seen: { readonly most: number },
  call: Effect.Effect<unknown, unknown, Alibaba.Signer | Alibaba.CredentialProvider | HttpClient.HttpClient>,
  decorate: (client: HttpClient.HttpClient) => HttpClient.HttpClient
) =>
  Effect.gen(function* () {
    const calls = yield* Effect.forkChild(
      Effect.all(
        Array.from({ length: 8 }, () =>
          Effect.result(Effect.updateService(call, HttpClient.HttpClient, decorate))
        ),
        { concurrency: "unbounded" }
      ).pipe(RequestPolicy.adjust({ maxConcurrentRequests: 2, maxAttempts: 1 }))
    )
    yield* TestClock.adjust("30 seconds")
    yield* Fiber.join(calls)
    return seen.most
  })

describe("a client that is decorated for each call keeps one limit", () => {
  for (const [name, decorate] of Object.entries(all)) {
    it.effect(`over a client of ours: ${name}`, () => {
      const { http, seen } = busy()
      return Effect.gen(function* () {
        assert.strictEqual(yield* most(seen, Alibaba.getCallerIdentity(), decorate), 2)
        assert.isAtLeast(http.sent.length, 8)
      }).pipe(runOver(http))
    })

    it.effect(`over anybody's client: ${name}`, () => {
      const { held, seen } = busy()
      const foreign = HttpClient.make((request) =>
        held(
          Effect.sync(() =>
            HttpClientResponse.fromWeb(
              request,
              new Response("{}", { headers: { "content-type": "application/json" } })
            )
          )
        )
      )
      return Effect.map(most(seen, Alibaba.getCallerIdentity(), decorate), (found) =>
        assert.strictEqual(found, 2)
      ).pipe(runOver({ layer: Layer.succeed(HttpClient.HttpClient, foreign) }))
    })
  }

  for (const [name, decorate] of Object.entries(all).filter(
    ([called]) => called !== "steps that are effects"
  )) {
    it.effect(`without a signature: ${name}`, () => {
      const { http, seen } = busy()
      return Effect.map(most(seen, anonymous, decorate), (found) => assert.strictEqual(found, 2)).pipe(
        runOver(http)
      )
    })
  }
})

describe("a clock's offset", () => {
  const noon = Date.UTC(2026, 0, 1, 12)
  const wrong = refusal(400, "InvalidTimeStamp.Expired", "expired", {
    date: new Date(noon + 20 * 60_000).toUTCString()
  })

  it.effect("is learned once, whatever decorates the client", () => {
    const http = scripted(wrong, identity)
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      for (const decorate of instant) {
        yield* Effect.updateService(Alibaba.getCallerIdentity(), HttpClient.HttpClient, decorate)
      }
      assert.strictEqual(http.sent.length, instant.length + 1)
      assert.strictEqual(yield* Alibaba.timeOffset, 20 * 60_000)
    }).pipe(runOver(http))
  })

  it.effect("belongs to one host", () => {
    const http = scripted(wrong, identity, identity)
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      yield* Alibaba.getCallerIdentity()
      yield* Alibaba.getCallerIdentity().pipe(RequestPolicy.adjust({ alibaba: { region: "eu-central-1" } }))
      const dates = http.sent.map(({ headers }) => Date.parse(headers["x-acs-date"] ?? "") - noon)
      assert.deepStrictEqual(dates, [0, 20 * 60_000, 0])
    }).pipe(runOver(http))
  })

  it.effect("is not shared by two programs with two layers", () => {
    const layers = [scripted(wrong, identity), scripted(identity)] as const
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      for (const { layer } of layers) {
        yield* Effect.provide(Alibaba.getCallerIdentity(), Layer.merge(layer, signing))
      }
      assert.strictEqual(Date.parse(layers[1].sent[0]?.headers["x-acs-date"] ?? ""), noon)
    })
  })
})

describe("a layer's state", () => {
  for (const [name, make] of Object.entries({
    NodeHttp: () => NodeHttp.layerWith({ proxy: false }),
    UndiciHttp: () => UndiciHttp.layerWith({ proxy: false })
  })) {
    it.effect(`is one however often ${name}'s is built, and another layer's is another`, () =>
      Effect.gen(function* () {
        const layer = make()
        const stateIn = (from: ReturnType<typeof make>) =>
          Effect.map(HttpClient.HttpClient, (client) => Client.stateOf("aws", client)).pipe(
            Effect.provide(from)
          )
        const one = yield* stateIn(layer)
        assert.strictEqual(yield* stateIn(layer), one)
        assert.notStrictEqual(yield* stateIn(make()), one)
      })
    )
  }

  it.effect("is new with each emulator", () =>
    Effect.gen(function* () {
      const state = Effect.map(HttpClient.HttpClient, (client) => Client.stateOf("aws", client))
      const layer = Emulator.layer
      const one = yield* Effect.provide(state, layer)
      assert.notStrictEqual(yield* Effect.provide(state, layer), one)
    })
  )

  it.effect("of a foreign client belongs to the client", () =>
    Effect.gen(function* () {
      const client = yield* HttpClient.HttpClient
      const other = yield* Effect.provide(HttpClient.HttpClient, Layer.fresh(FetchHttpClient.layer))
      assert.strictEqual(
        Client.stateOf("aws", HttpClient.mapRequest(client, HttpClientRequest.acceptJson)),
        Client.stateOf("aws", client)
      )
      assert.notStrictEqual(Client.stateOf("aws", other), Client.stateOf("aws", client))
    }).pipe(Effect.provide(FetchHttpClient.layer))
  )
})

const keyedRoles = <C extends Given>(cloud: RoleCloud<C>) =>
  describe(`roles by key, ${cloud.cloud}`, () => {
    it.effect("configurations that say the same are the same", () =>
      emulated((emulator) =>
        Effect.gen(function* () {
          const roles = yield* cloud.keyed()
          const said = (extra: Readonly<Record<string, string>>) =>
            Effect.provideService(
              roles.get(cloud.user, { roleArn: cloud.arns.role, roleSessionName: "report" }),
              ConfigProvider.ConfigProvider,
              ConfigProvider.fromUnknown({
                AWS_REGION: "us-east-1",
                ALIBABA_CLOUD_REGION_ID: "cn-hangzhou",
                ...extra
              })
            )
          yield* said({})
          yield* said({})
          yield* said({ EDITOR: "vi" })
          assert.strictEqual((yield* asked(emulator)).length, 1)
          yield* said({ AWS_PROFILE: "x", ALIBABA_CLOUD_PROFILE: "x" })
          assert.strictEqual((yield* asked(emulator)).length, 2)
        })
      )
    )

    it.effect("a client that is decorated for each call makes no other session", () =>
      emulated((emulator) =>
        Effect.gen(function* () {
          const roles = yield* cloud.keyed()
          for (const decorate of Object.values(decorations)) {
            yield* Effect.updateService(
              roles.get(cloud.user, { roleArn: cloud.arns.role, roleSessionName: "report" }),
              HttpClient.HttpClient,
              decorate
            )
          }
          assert.strictEqual((yield* asked(emulator)).length, 1)
        })
      )
    )
  })

keyedRoles(aws)
keyedRoles(alibaba)

describe("a client that cannot be interrupted", () => {
  const stuck = HttpClient.make((request) =>
    Effect.uninterruptible(Effect.delay(Effect.fail(withoutReply(request, "Transport")), "1 hour"))
  )
  const over = runOver({ layer: Layer.succeed(HttpClient.HttpClient, stuck) })

  for (const [what, policy] of [
    ["call", { timeout: "3 seconds" }],
    ["attempt", { attemptTimeout: "1 second", maxAttempts: 1 }]
  ] as const) {
    it.effect(`blocks nobody past the ${what}'s timeout`, () =>
      Effect.gen(function* () {
        const call = yield* Effect.forkChild(
          Effect.flip(Alibaba.getCallerIdentity().pipe(RequestPolicy.adjust(policy)))
        )
        yield* TestClock.adjust("4 seconds")
        const error = yield* Fiber.join(call)
        assert.strictEqual(error._tag, "StsTransportError")
        assert.propertyVal(error, "reason", "Timeout")
      }).pipe(over)
    )
  }

  it.effect("blocks no source past its timeout", () =>
    Effect.gen(function* () {
      const asking = yield* Effect.forkChild(
        Effect.flatMap(Aws.InstanceMetadata.make(), ({ get }) => Effect.flip(get))
      )
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(asking))._tag, "StsCredentialError")
    }).pipe(
      Effect.provideService(HttpClient.HttpClient, stuck),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown({}))
    )
  )
})
