import { once } from "node:events"
import { Worker } from "node:worker_threads"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Alibaba from "../../../src/alibaba.js"
import * as Aws from "../../../src/aws.js"
import { Blocking } from "../../../src/blocking.js"
import { NodeHttp } from "../../../src/node.js"
import type { StsCredentialError } from "../../../src/schemas/StsError.js"
import type { CredentialSource, SourceError } from "../../../src/services/CredentialSource.js"
import { UndiciHttp } from "../../../src/undici.js"
import { files } from "../../support/files.js"

type Services = HttpClient.HttpClient | FileSystem.FileSystem

interface Outcome {
  readonly key: string
  readonly source: string | undefined
}

const keyOf = <C extends { readonly accessKeyId: string; readonly source?: string | undefined }>(
  source: CredentialSource<C>
): Effect.Effect<Outcome, SourceError> =>
  Effect.map(source.get, (credentials) => ({ key: credentials.accessKeyId, source: credentials.source }))

/** Every source that asks over plain HTTP, against a server on this machine. */
const sources = (port: number): Readonly<Record<string, Effect.Effect<Outcome, SourceError, Services>>> => ({
  "instance metadata": Effect.flatMap(
    Aws.InstanceMetadata.make({ endpoint: `http://127.0.0.1:${port}` }),
    keyOf
  ),
  container: Effect.flatMap(
    Aws.Container.make({
      fullUri: `http://localhost:${port}/container`,
      authorizationTokenFile: "/token"
    }),
    keyOf
  ),
  "ECS RAM role": Effect.flatMap(Alibaba.EcsRamRole.make({ endpoint: `http://localhost:${port}` }), keyOf),
  "credentials URI": Effect.flatMap(
    Alibaba.CredentialsUri.make({ uri: `http://127.0.0.1:${port}/uri` }),
    keyOf
  )
})

const held = files({ "/token": "Bearer t" }).layer

const runners: ReadonlyArray<{
  readonly name: string
  readonly layer: Layer.Layer<HttpClient.HttpClient, unknown>
  readonly run: <A, E>(effect: Effect.Effect<A, E>) => Promise<A>
}> = [
  { name: "NodeHttp", layer: NodeHttp.layer, run: Effect.runPromise },
  { name: "UndiciHttp", layer: UndiciHttp.layer, run: Effect.runPromise },
  { name: "the platform's fetch", layer: FetchHttpClient.layer, run: Effect.runPromise },
  { name: "the platform's node:http", layer: NodeHttpClient.layerNodeHttp, run: Effect.runPromise },
  { name: "the platform's undici", layer: NodeHttpClient.layerUndici, run: Effect.runPromise },
  { name: "Blocking under runSync", layer: Blocking.layer, run: async (effect) => Effect.runSync(effect) }
]

describe("credentials over real sockets, with a proxy in the environment", () => {
  const proxied = new Int32Array(new SharedArrayBuffer(4))
  let worker: Worker
  let ports: { readonly port: number; readonly proxyPort: number }
  beforeAll(async () => {
    const url = new URL("../../support/metadataServer.mjs", import.meta.url)
    worker = new Worker(url, { workerData: { proxied: proxied.buffer }, execArgv: [] })
    ;[ports] = (await once(worker, "message")) as [typeof ports]
  })
  afterAll(() => worker.terminate())

  const within = <A, E>(
    { layer, run }: (typeof runners)[number],
    effect: Effect.Effect<A, E, Services>
  ): Promise<A> => {
    const proxy = `http://127.0.0.1:${ports.proxyPort}`
    const environment = ConfigProvider.fromUnknown({ HTTP_PROXY: proxy, http_proxy: proxy })
    return run(
      effect.pipe(
        Effect.provide(Layer.mergeAll(layer, held)),
        Effect.provideService(ConfigProvider.ConfigProvider, environment)
      ) as Effect.Effect<A, E>
    )
  }

  for (const runner of runners) {
    it.each(["instance metadata", "container", "ECS RAM role", "credentials URI"])(
      `come from %s by ${runner.name}, and no proxy sees it`,
      async (name) => {
        const source = sources(ports.port)[name]
        assert.isDefined(source)
        const { key, source: told } = await within(runner, source as NonNullable<typeof source>)
        assert.strictEqual(told, name)
        assert.include(["ASIAEXAMPLE", "STS.Example"], key)
        assert.strictEqual(Atomics.load(proxied, 0), 0)
      }
    )

    it(`do not come from a redirect's target by ${runner.name}`, async () => {
      const uri = `http://127.0.0.1:${ports.port}/moved`
      const outcome = await within(
        runner,
        Effect.result(Effect.flatMap(Alibaba.CredentialsUri.make({ uri }), keyOf))
      )
      const error = Result.isFailure(outcome) ? outcome.failure : assert.fail("it was followed")
      assert.deepInclude(error, { _tag: "StsCredentialError", reason: "Refused" })
      assert.include((error as StsCredentialError).detail, "HTTP 307")
    })
  }

  it("would be seen by the proxy but for that", async () => {
    const [runner] = runners
    assert.isDefined(runner)
    const asked = Effect.flatMap(HttpClient.HttpClient, (client) =>
      client.get(`http://127.0.0.1:${ports.port}/uri`)
    )
    const { status } = await within(runner as NonNullable<typeof runner>, asked)
    assert.deepStrictEqual([status, Atomics.load(proxied, 0)], [502, 1])
  })
})
