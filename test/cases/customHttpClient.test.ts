/**
 * An application's own HttpClient, which turns refusals into errors of its own.
 */

import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as FileSystem from "effect/FileSystem"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Stream from "effect/Stream"
import { Blocking } from "../../src/blocking.js"
import { Alibaba, Aws } from "../../src/index.js"
import * as SyncCommand from "../../src/layers/blocking/SyncCommand.js"
import type { ClientError } from "../../src/services/platformHttp.js"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { type Decoration, decorations, repeating } from "../support/decorations.js"
import { type Remote, type Servers, startServers } from "../support/emulators.js"
import { files } from "../support/files.js"
import { environment, serving, text } from "../support/metadata.js"
import { calling, clients, signedForAws, signedWith } from "../support/runners.js"

type Client = Layer.Layer<HttpClient.HttpClient, unknown>

const through = (
  client: Client,
  decorate: (client: HttpClient.HttpClient) => HttpClient.HttpClient
): Layer.Layer<HttpClient.HttpClient> =>
  Layer.orDie(
    Layer.provide(Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, decorate)), client)
  )

/** What refusals come to: their codes, as without the filter. */
const refusals = (remote: Remote) =>
  Effect.gen(function* () {
    const { endpoint } = remote
    const here = calling(endpoint)
    const code = <A, R>(call: Effect.Effect<A, { readonly _tag: string; readonly message: string }, R>) =>
      Effect.map(Effect.flip(call), (error) => {
        const found = "code" in error ? error.code : error._tag
        // Who sends a signed request twice is told the nonce instead, and the error says who that is.
        const named = /The HttpClient in use .* how often it is sent/.test(error.message)
        return found === "SignatureNonceUsed" && named ? "EntityNotExist.Role" : found
      })
    return [
      yield* code(
        Alibaba.getCallerIdentity().pipe(
          signedWith("acs3", { ...AlibabaSeed.keys.user, accessKeySecret: "wrong" }),
          here
        )
      ),
      yield* code(
        Alibaba.assumeRole({
          roleArn: "acs:ram::123456789012:role/nobody",
          roleSessionName: "report"
        }).pipe(signedWith("acs3"), here)
      ),
      yield* code(
        Aws.getCallerIdentity().pipe(
          signedForAws({ accessKeyId: AwsSeed.keys.user.accessKeyId, secretAccessKey: "wrong" }),
          here
        )
      ),
      yield* code(
        Aws.assumeRole({ roleArn: "arn:aws:iam::123456789012:role/nobody", roleSessionName: "report" }).pipe(
          signedForAws(),
          here
        )
      )
    ]
  })

/** A wrong clock: it is put right within the call. */
const skewed = (remote: Remote) =>
  Effect.gen(function* () {
    const here = calling(remote.endpoint)
    yield* remote.setClockOffset(20 * 60_000)
    const { arn } = yield* Alibaba.getCallerIdentity().pipe(signedWith("acs3"), here)
    const aws = yield* Aws.getCallerIdentity().pipe(signedForAws(), here)
    return [arn, aws.arn]
  })

const filters = { ...decorations, ...repeating }

describe("B1: the application's own HttpClient", () => {
  let servers: Servers
  beforeAll(async () => {
    servers = await startServers()
  })
  afterAll(() => servers.close())

  const all = Object.entries(clients)
  Object.entries(filters).forEach(([name, decorate], index) => {
    const [called, client] = all[index % all.length] ?? []
    if (client === undefined) return
    it(`${name}, over ${called}: refusals stay typed errors`, async () => {
      const asItIs = await Effect.runPromise(
        Effect.provide(refusals(servers.emulator()), Layer.orDie(client))
      )
      const remote = servers.emulator()
      const found = await Effect.runPromise(
        Effect.provide(refusals(remote), through(client, decorate as Decoration))
      )
      assert.deepStrictEqual(found, asItIs)
      assert.deepStrictEqual(found, [
        "SignatureDoesNotMatch",
        "EntityNotExist.Role",
        "SignatureDoesNotMatch",
        "AccessDenied"
      ])
    })

    it(`${name}, over ${called}: clock skew is corrected`, async () => {
      const found = await Effect.runPromise(
        Effect.provide(skewed(servers.emulator()), through(client, decorate as Decoration))
      )
      assert.deepStrictEqual(found, [AlibabaSeed.arns.user, AwsSeed.arns.user])
    })

    it(`${name}, under runSync: both`, () => {
      const blocking = through(Blocking.layerWith({ proxy: false }), decorate as Decoration)
      const found = Effect.runSync(Effect.provide(refusals(servers.emulator()), blocking))
      assert.strictEqual(found[0], "SignatureDoesNotMatch")
      const right = Effect.runSync(Effect.provide(skewed(servers.emulator()), blocking))
      assert.deepStrictEqual(right, [AlibabaSeed.arns.user, AwsSeed.arns.user])
    })
  })
})

type Strange = (
  client: HttpClient.HttpClient
) => HttpClient.HttpClient.With<ClientError> | HttpClient.HttpClient.With<never>

const odd = <A>(value: A) => value as unknown as HttpClientResponse.HttpClientResponse

/** Those that leave nothing of a reply, or never had one. */
const keeping: Readonly<Record<string, Strange>> = {
  "that reads the stream": HttpClient.tap(({ stream }) => Effect.ignore(Stream.runDrain(stream))),
  "that reads the stream's begin": HttpClient.tap(({ stream }) =>
    Effect.ignore(Stream.runDrain(Stream.take(stream, 1)))
  ),
  "that gives up what it began": (client) =>
    HttpClient.transformResponse(HttpClient.withScope(client), Effect.scoped) as HttpClient.HttpClient,
  "that answers with nothing": HttpClient.transformResponse(() => Effect.succeed(odd(undefined))),
  "that answers with something else": HttpClient.transformResponse(() =>
    Effect.succeed(odd({ status: 200 }))
  ),
  "that fails with nothing": HttpClient.transformResponse(() => Effect.fail(undefined as never)),
  "that breaks with nothing": HttpClient.transformResponse(() => Effect.die(undefined)),
  "that throws": HttpClient.mapRequest(() => {
    throw new Error("no token")
  }),
  "that interrupts itself": HttpClient.transformResponse(() => Effect.interrupt)
}

describe("B1: an HttpClient that consumes the reply", () => {
  let servers: Servers
  beforeAll(async () => {
    servers = await startServers()
  })
  afterAll(() => servers.close())

  const calls: ReadonlyArray<(remote: Remote) => Effect.Effect<unknown, unknown, HttpClient.HttpClient>> = [
    ({ endpoint }) => Alibaba.getCallerIdentity().pipe(signedWith("acs3"), calling(endpoint)),
    ({ endpoint }) => Aws.getCallerIdentity().pipe(signedForAws(), calling(endpoint))
  ]
  /** All works, or one request is made and the error names the client. */
  const right = (exit: Exit.Exit<unknown, unknown>, requests: number): void => {
    assert.isAtMost(requests, 1)
    if (Exit.isSuccess(exit)) return
    const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
    assert.propertyVal(error, "_tag", "StsTransportError", String((error as Error).message))
    assert.propertyVal(error, "retryable", false)
    assert.match(String((error as Error).message), /The HttpClient in use/)
  }
  for (const [what, decorate] of Object.entries(keeping)) {
    for (const [name, client] of Object.entries(clients)) {
      it(`${what}, over ${name}`, async () => {
        for (const call of calls) {
          const remote = servers.emulator()
          const exit = await Effect.runPromiseExit(
            Effect.provide(call(remote), through(client, decorate as Decoration))
          )
          right(exit, Effect.runSync(remote.requests).length)
        }
      })
    }
    it(`${what}, under runSync`, () => {
      const blocking = through(Blocking.layerWith({ proxy: false }), decorate as Decoration)
      for (const call of calls) {
        const remote = servers.emulator()
        const exit = Effect.runSyncExit(Effect.provide(call(remote), blocking))
        right(exit, Effect.runSync(remote.requests).length)
      }
    })
  }

  for (const [name, client] of Object.entries(clients)) {
    if (name === "NodeHttpClient.layer") continue
    it(`bytes read by a middleware are still available, over ${name}`, async () => {
      const bytes = HttpClient.tap(({ arrayBuffer }) => Effect.ignore(arrayBuffer))
      for (const call of calls) {
        await Effect.runPromise(Effect.provide(call(servers.emulator()), through(client, bytes)))
      }
    })
  }
})

const commands = SyncCommand.make()

/** Metadata services that know of no role. */
const nothingThere = () => serving(() => text(404, "<html>not found</html>"))

type Asked = Effect.Effect<
  unknown,
  { readonly message: string },
  | HttpClient.HttpClient
  | FileSystem.FileSystem
  | ChildProcessSpawner.ChildProcessSpawner
  | Alibaba.Signer
  | Aws.Signer
>

const asked: Readonly<Record<string, Asked>> = {
  "an ECS instance's role": Effect.flatMap(Alibaba.EcsRamRole.make(), ({ get }) => get),
  "an EC2 instance's role": Effect.flatMap(Aws.InstanceMetadata.make(), ({ get }) => get),
  "Alibaba Cloud's default chain": Effect.flatMap(Alibaba.DefaultChain.make(), ({ get }) => get),
  "Alibaba Cloud's lenient chain": Effect.flatMap(
    Alibaba.DefaultChain.make({ continueOnFailure: true }),
    ({ get }) => get
  ),
  "AWS's default chain": Effect.flatMap(Aws.DefaultChain.make(), ({ get }) => get),
  "AWS's lenient chain": Effect.flatMap(Aws.DefaultChain.make({ continueOnFailure: true }), ({ get }) => get)
}

describe("B1: a metadata 404 under filterStatusOk", () => {
  const outcome = (ask: Asked, http: Layer.Layer<HttpClient.HttpClient>) =>
    Effect.map(Effect.flip(ask), ({ message }) => message).pipe(
      Effect.provide(
        Layer.mergeAll(
          http,
          files({}).layer,
          Layer.succeed(ChildProcessSpawner.ChildProcessSpawner, commands),
          Alibaba.SignerAcs3.layer,
          Aws.SignerV4.layer
        )
      ),
      environment({ HOME: "/nowhere" })
    )
  for (const [source, ask] of Object.entries(asked)) {
    for (const [name, decorate] of Object.entries(filters)) {
      it.live(`${source}, ${name}: gives the same error as without the filter`, () =>
        Effect.gen(function* () {
          const without = yield* outcome(ask, nothingThere().layer)
          const under = yield* outcome(ask, through(nothingThere().layer, decorate))
          assert.strictEqual(under, without)
          assert.notMatch(under, /connection/)
        })
      )
    }
  }
})
