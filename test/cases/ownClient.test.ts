/**
 * An application's own HttpClient, which turns refusals into errors of its own.
 */
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as HttpClient from "@effect/platform/HttpClient"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Blocking } from "../../src/blocking.js"
import { Alibaba, Aws } from "../../src/index.js"
import * as SyncCommand from "../../src/layers/blocking/SyncCommand.js"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { decorations, repeating } from "../support/decorations.js"
import { type Desk, openDesk, type Remote } from "../support/emulators.js"
import { files } from "../support/files.js"
import { environment, serving, text } from "../support/metadata.js"
import { calling, clients, signedForAws, signedWith } from "../support/worlds.js"

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

describe("B1: a client of the application's own", () => {
  let desk: Desk
  beforeAll(async () => {
    desk = await openDesk()
  })
  afterAll(() => desk.close())

  const all = Object.entries(clients)
  Object.entries(filters).forEach(([name, decorate], index) => {
    const [called, client] = all[index % all.length] ?? []
    if (client === undefined) return
    it(`${name}, over ${called}: refusals are what they are`, async () => {
      const asItIs = await Effect.runPromise(Effect.provide(refusals(desk.emulator()), Layer.orDie(client)))
      const remote = desk.emulator()
      const found = await Effect.runPromise(Effect.provide(refusals(remote), through(client, decorate)))
      assert.deepStrictEqual(found, asItIs)
      assert.deepStrictEqual(found, [
        "SignatureDoesNotMatch",
        "EntityNotExist.Role",
        "SignatureDoesNotMatch",
        "AccessDenied"
      ])
    })

    it(`${name}, over ${called}: a wrong clock is put right`, async () => {
      const found = await Effect.runPromise(
        Effect.provide(skewed(desk.emulator()), through(client, decorate))
      )
      assert.deepStrictEqual(found, [AlibabaSeed.arns.user, AwsSeed.arns.user])
    })

    it(`${name}, under runSync: both`, () => {
      const blocking = through(Blocking.layer({ proxy: false }), decorate)
      const found = Effect.runSync(Effect.provide(refusals(desk.emulator()), blocking))
      assert.strictEqual(found[0], "SignatureDoesNotMatch")
      const right = Effect.runSync(Effect.provide(skewed(desk.emulator()), blocking))
      assert.deepStrictEqual(right, [AlibabaSeed.arns.user, AwsSeed.arns.user])
    })
  })
})

const commands = SyncCommand.make()

/** Metadata services that know of no role. */
const nothingThere = () => serving(() => text(404, "<html>not found</html>"))

type Asked = Effect.Effect<
  unknown,
  { readonly message: string },
  | HttpClient.HttpClient
  | FileSystem.FileSystem
  | CommandExecutor.CommandExecutor
  | Alibaba.Signer
  | Aws.Signer
>

const asked: Readonly<Record<string, Asked>> = {
  "an ECS instance's role": Effect.flatMap(Alibaba.EcsRamRole.make(), ({ get }) => get),
  "an EC2 instance's role": Effect.flatMap(Aws.InstanceMetadata.make(), ({ get }) => get),
  "Alibaba Cloud's default chain": Effect.flatMap(Alibaba.DefaultChain.make(), ({ get }) => get),
  "Alibaba Cloud's lenient chain": Effect.flatMap(Alibaba.DefaultChain.makeLenient(), ({ get }) => get),
  "AWS's default chain": Effect.flatMap(Aws.DefaultChain.make(), ({ get }) => get),
  "AWS's lenient chain": Effect.flatMap(Aws.DefaultChain.makeLenient(), ({ get }) => get)
}

describe("B1: metadata's 404 under a filter", () => {
  const outcome = (ask: Asked, http: Layer.Layer<HttpClient.HttpClient>) =>
    Effect.map(Effect.flip(ask), ({ message }) => message).pipe(
      Effect.provide(
        Layer.mergeAll(
          http,
          files({}).layer,
          Layer.succeed(CommandExecutor.CommandExecutor, commands),
          Alibaba.SignerAcs3.layer,
          Aws.SignerV4.layer
        )
      ),
      environment({ HOME: "/nowhere" })
    )
  for (const [source, ask] of Object.entries(asked)) {
    for (const [name, decorate] of Object.entries(filters)) {
      it.live(`${source}, ${name}: says what it says without`, () =>
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
