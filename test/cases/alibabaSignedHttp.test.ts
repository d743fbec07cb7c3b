/**
 * Any RPC or ROA API of Alibaba Cloud through a client that signs.
 */
import { inspect } from "node:util"
import { afterAll, assert, beforeAll, beforeEach, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as Alibaba from "../../src/alibaba.js"
import { type CredentialSource, StsCredentialError } from "../../src/index.js"
import { isClientError } from "../../src/services/platformHttp.js"
import { AlibabaSeed } from "../../src/testing.js"
import { type Servers, startServers } from "../support/emulators.js"
import { asyncRunners, blockingRunners, clients } from "../support/runners.js"
import { type Acs3Server, openAcs3Server } from "./acs3Server.js"

const key = (accessKeyId: string) =>
  new Alibaba.Credentials({
    accessKeyId,
    accessKeySecret: Redacted.make("PLANTED-SECRET"),
    securityToken: Redacted.make("PLANTED-TOKEN")
  })

const always: CredentialSource<Alibaba.Credentials> = { name: "test", get: Effect.succeed(key("STS.one")) }

const providing = (source: CredentialSource<Alibaba.Credentials>) =>
  Effect.provide(Layer.succeed(Alibaba.CredentialProvider, source))

const ecs = Effect.flatMap(Alibaba.signedHttpClient({ version: "2014-05-26" }), (sign) =>
  Effect.map(HttpClient.HttpClient, sign)
)

const action = (name: string) => ({ headers: { "x-acs-action": name } })

describe("B13: signed client for any Alibaba Cloud API", () => {
  let server: Acs3Server
  beforeAll(async () => {
    server = await openAcs3Server()
    server.keys.set("STS.one", { accessKeySecret: "PLANTED-SECRET", securityToken: "PLANTED-TOKEN" })
    server.keys.set("STS.two", { accessKeySecret: "PLANTED-SECRET", securityToken: "PLANTED-TOKEN" })
    server.keys.set("LTAI.long", { accessKeySecret: "PLANTED-SECRET" })
  })
  beforeEach(() => {
    server.received.length = 0
    server.refusals.length = 0
  })
  afterAll(() => server.close())

  const calls = (client: HttpClient.HttpClient) =>
    Effect.all([
      client.post(
        `${server.endpoint}/?RegionId=cn-hangzhou&Filter.1.Key=a b*~'()&Empty=`,
        action("DescribeZones")
      ),
      client.get(`${server.endpoint}/clusters/c%20x/nodes:all?pageSize=50`, {
        headers: { "x-acs-action": "DescribeClusterNodes", "x-acs-version": "2015-12-15" }
      }),
      client.put(`${server.endpoint}/clusters/ü`, {
        ...action("ModifyCluster"),
        body: HttpBody.jsonUnsafe({ name: "a\u2028b" })
      }),
      client.post(`${server.endpoint}/`, {
        ...action("RunInstances"),
        body: HttpBody.urlParams([["ImageId", "m bp+1"]])
      }),
      client.del(`${server.endpoint}/clusters/c`, action("DeleteCluster"))
    ])

  describe("is accepted by the emulator", () => {
    let servers: Servers
    beforeAll(async () => {
      servers = await startServers()
    })
    afterAll(() => servers.close())

    for (const runner of [...asyncRunners, ...blockingRunners].filter(({ sockets }) => sockets)) {
      it(runner.name, async () => {
        const text = await runner.run(servers, ({ endpoint }) =>
          Effect.gen(function* () {
            const sign = yield* Alibaba.signedHttpClient({ version: "2015-04-01" })
            const sts = sign(yield* HttpClient.HttpClient)
            const reply = yield* sts.post(`${endpoint}/`, action("GetCallerIdentity"))
            return yield* reply.text
          }).pipe(Effect.scoped, Effect.provide(Alibaba.Static.layer(AlibabaSeed.keys.user)))
        )
        assert.include(text, AlibabaSeed.arns.user)
      })
    }
  })

  for (const [name, client] of Object.entries(clients)) {
    it(`signs like the vendor's signer over ${name}, with long-term and temporary keys`, async () => {
      for (const source of [always, { ...always, get: Effect.succeed(longTerm) }]) {
        const statuses = await Effect.runPromise(
          Effect.flatMap(ecs, calls).pipe(
            Effect.map((replies) => replies.map(({ status }) => status)),
            providing(source),
            Effect.provide(client),
            Effect.scoped
          )
        )
        assert.deepStrictEqual(statuses, [200, 200, 200, 200, 200])
      }
      assert.notProperty(server.received.at(-1)?.headers, "traceparent")
    })
  }

  const overNode = <A, E>(
    effect: Effect.Effect<A, E, HttpClient.HttpClient | Alibaba.CredentialProvider>,
    source: CredentialSource<Alibaba.Credentials> = always
  ) =>
    effect.pipe(
      providing(source),
      Effect.provide(clients["NodeHttp.layer"] ?? Layer.effectContext(Effect.die("there is none")))
    )

  it.live("replaces an existing signature, and signs headers set later", () =>
    Effect.gen(function* () {
      const client = HttpClient.mapRequest(
        yield* ecs,
        HttpClientRequest.setHeaders({
          authorization: "ACS3-HMAC-SHA256 of another",
          "x-acs-regionid": "cn-hangzhou"
        })
      )
      const reply = yield* client.get(`${server.endpoint}/`, action("X"))
      assert.strictEqual(reply.status, 200, yield* reply.text)
    }).pipe(overNode)
  )

  it.live("renews refused credentials and corrects the clock, once each", () =>
    Effect.gen(function* () {
      let current = "STS.one"
      const refused: Array<string> = []
      const source: CredentialSource<Alibaba.Credentials> = {
        name: "rotating",
        get: Effect.sync(() => key(current)),
        invalidate: (id) =>
          Effect.sync(() => {
            refused.push(id)
            current = "STS.two"
          })
      }
      server.refusals.push({ status: 404, code: "InvalidAccessKeyId.NotFound" })
      const asked = Effect.flatMap(ecs, (client) => client.get(`${server.endpoint}/`, action("X")))
      assert.strictEqual((yield* overNode(asked, source)).status, 200)
      assert.deepStrictEqual(refused, ["STS.one"])
      const later = new Date(Date.now() + 3_600_000).toUTCString()
      server.refusals.push({ status: 400, code: "InvalidTimeStamp.Expired", date: later })
      assert.strictEqual((yield* overNode(asked)).status, 200)
      const [, , , corrected] = server.received
      assert.isAbove(Date.parse(String(corrected?.headers["x-acs-date"])), Date.now() + 3_000_000)
      server.refusals.push({ status: 403, code: "NoPermission" })
      const denied = yield* overNode(Effect.flatMap(asked, (reply) => reply.json))
      assert.deepStrictEqual(denied, { RequestId: "r", Code: "NoPermission" })
      assert.lengthOf(server.received, 5)
    })
  )

  for (const [name, request, words] of [
    ["an action", HttpClientRequest.get("https://h.test/"), "x-acs-action"],
    [
      "a query that has a name once",
      HttpClientRequest.get("https://h.test/?a=1&a=2", action("X")),
      "repeats"
    ],
    [
      "a body whose bytes are known",
      HttpClientRequest.post("https://h.test/", {
        ...action("X"),
        body: HttpBody.stream(Stream.make(new Uint8Array(3)))
      }),
      "Stream"
    ],
    ["a URL without a password", HttpClientRequest.get("https://u:PLANTED@h.test/", action("X")), "user name"]
  ] as const) {
    it.live(`fails without ${name} and sends nothing`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(Effect.flatMap(ecs, (client) => client.execute(request)))
        assert.isTrue(isClientError(error))
        assert.include(error.message, words)
        assert.notInclude(error.message + inspect(error, { depth: 9 }), "PLANTED")
      }).pipe(overNode)
    )
  }

  it.live("needs a version, from the options or the request", () =>
    Effect.gen(function* () {
      const sign = yield* Alibaba.signedHttpClient()
      const client = sign(yield* HttpClient.HttpClient)
      const error = yield* Effect.flip(client.get(`${server.endpoint}/`, action("X")))
      assert.include(error.message, "x-acs-version")
      assert.lengthOf(server.received, 0)
    }).pipe(overNode)
  )

  it.live("has the source's error as its cause when there are no credentials", () => {
    const none = new StsCredentialError({
      cloud: "alibaba",
      source: "x",
      reason: "Incomplete",
      detail: "half"
    })
    return Effect.gen(function* () {
      const error = yield* Effect.flip(
        Effect.flatMap(ecs, (client) => client.get(`${server.endpoint}/`, action("X")))
      )
      assert.strictEqual(error.cause, none)
    }).pipe((effect) => overNode(effect, { name: "x", get: Effect.fail(none) }))
  })
})

const longTerm = new Alibaba.Credentials({
  accessKeyId: "LTAI.long",
  accessKeySecret: Redacted.make("PLANTED-SECRET")
})
