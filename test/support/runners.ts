/**
 * Runners: every way a program can make its calls, by each HTTP client, blocked or not.
 */

import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { Blocking } from "../../src/blocking.js"
import { RequestPolicy, type RequestPolicyOptions } from "../../src/index.js"
import { NodeHttp } from "../../src/node.js"
import { AlibabaSeed, AwsSeed, Emulator } from "../../src/testing.js"
import { UndiciHttp } from "../../src/undici.js"
import { type Emulated, inProcess, type Remote, type Servers } from "./emulators.js"

/** How calls to Alibaba Cloud are signed; for AWS there is one way. */
export type Signing = "acs3" | "rpc"

/** Runs programs by one HTTP client. */
export interface Runner {
  readonly name: string
  readonly signing: Signing
  /** Whether requests go over a socket. */
  readonly sockets: boolean
  /** Runs a program with a client of its own, and with a new emulator. */
  readonly run: <A>(
    servers: Pick<Servers, "open">,
    program: (emulated: Emulated | Remote) => Effect.Effect<A, unknown, HttpClient.HttpClient>
  ) => Promise<A>
}

type Client = Layer.Layer<HttpClient.HttpClient, unknown>

const overSockets = (
  name: string,
  signing: Signing,
  client: Client,
  isBlocked: boolean,
  run: <A>(effect: Effect.Effect<A, unknown>) => Promise<A>
): Runner => ({
  name,
  signing,
  sockets: true,
  run: (servers, program) => run(Effect.provide(Effect.flatMap(servers.open(isBlocked), program), client))
})

const asynchronous = (name: string, signing: Signing, client: Client): Runner =>
  overSockets(name, signing, client, false, Effect.runPromise)

const blocking = (name: string, signing: Signing, client: Client): Runner =>
  overSockets(name, signing, client, true, async (effect) => Effect.runSync(effect))

/** Clients of this package remember what they learned for as long as their layer; each test begins with a new one. */
const anew = (layer: () => Client): Client => Layer.suspend(layer)

export const clients: Readonly<Record<string, Client>> = {
  "NodeHttp.layer": anew(() => NodeHttp.layerWith({ proxy: false })),
  "UndiciHttp.layer": anew(() => UndiciHttp.layerWith({ proxy: false })),
  "FetchHttpClient.layer": FetchHttpClient.layer,
  "NodeHttpClient.layer": NodeHttpClient.layerNodeHttp,
  "NodeHttpClient.layerUndici": NodeHttpClient.layerUndici
}

const inThisProcess: Runner = {
  name: "Emulator.layer",
  signing: "acs3",
  sockets: false,
  run: (_servers, program) =>
    Effect.runPromise(
      Effect.flatMap(Emulator.Emulator, (emulator) => program(inProcess(emulator))).pipe(
        Effect.provide(Emulator.layer)
      )
    )
}

export const asyncRunners: ReadonlyArray<Runner> = [
  ...Object.entries(clients).map(([name, client], index) =>
    asynchronous(name, index % 2 === 0 ? "acs3" : "rpc", client)
  ),
  inThisProcess
]

export const blockingRunners: ReadonlyArray<Runner> = [
  blocking(
    "Blocking.layer, ACS3",
    "acs3",
    anew(() => Blocking.layerWith({ proxy: false }))
  ),
  blocking(
    "Blocking.layer, RPC",
    "rpc",
    anew(() => Blocking.layerWith({ proxy: false }))
  )
]

export type Key = {
  readonly accessKeyId: string
  readonly accessKeySecret: Redacted.Redacted | string
  readonly securityToken?: Redacted.Redacted | string
}

const signers = { acs3: Alibaba.SignerAcs3.layer, rpc: Alibaba.SignerRpc.layer }

/** Provides what a signed operation of Alibaba Cloud needs beside an HTTP client. */
export const signedWith = (signing: Signing, key: Key = AlibabaSeed.keys.user) =>
  Effect.provide(Layer.merge(signers[signing], Alibaba.Static.layer(key)))

/** The same for AWS. */
export const signedForAws = (key: Aws.Static.Options | Aws.Credentials = AwsSeed.keys.user) =>
  Effect.provide(Layer.merge(Aws.SignerV4.layer, Aws.Static.layer(key)))

/** The policy of calls to an emulator, with waits that are short. */
export const calling = (endpoint: string, options: RequestPolicyOptions = {}) =>
  RequestPolicy.adjust({
    backoff: 1,
    throttledBackoff: 1,
    jitter: false,
    timeout: 10_000,
    ...options,
    alibaba: { endpoint },
    aws: { endpoint, region: AwsSeed.region, ...options.aws }
  })

/** A test that runs twice: as a fiber, and under `Effect.runSync`. */
export const bothWays = <E>(title: string, program: () => Effect.Effect<void, E>): void => {
  it.effect(title, () => program())
  it(`${title}, under runSync`, () => Effect.runSync(program()))
}
